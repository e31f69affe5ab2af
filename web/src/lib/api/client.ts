import createClient from 'openapi-fetch';
import { m } from '$lib/paraglide/messages';
import type { components, paths } from './schema';

type Schemas = components['schemas'];
export type Cell = Schemas['Cell'];
export type Clause = Schemas['Clause'];
export type Conflict = Schemas['Conflict'];
export type Delivery = Schemas['Delivery'];
export type DeliveryFile = Schemas['DeliveryFile'];
export type DeliverySummary = Schemas['DeliverySummary'];
export type Fact = Schemas['Fact'];
export type FactValue = Schemas['FactValue'];
export type LedgerState = Schemas['LedgerState'];
export type Link = Schemas['Link'];
export type Missing = Schemas['Missing'];
export type Moment = Schemas['Moment'];
export type Obligation = Schemas['Obligation'];
export type Opening = Schemas['Opening'];
export type PersonFile = Schemas['PersonFile'];
export type Pointer = Schemas['Pointer'];
export type Problem = Schemas['Problem'];
export type Queue = Schemas['Queue'];
export type Record = Schemas['Record'];
export type Report = Schemas['Report'];
export type SourceRow = Schemas['SourceRow'];
export type Stay = Schemas['Stay'];
export type Stint = Schemas['Stint'];
export type Text = Schemas['Text'];
export type Why = Schemas['Why'];
export type WorkspaceSummary = Schemas['WorkspaceSummary'];

/** What a request came to. Requests never throw: a page shows a problem as readily as a result. */
export type Answer<T> = { ok: true; value: T } | { ok: false; status: number; problem: Problem };

const client = createClient<paths>({ baseUrl: globalThis.location?.origin });

async function ask<T>(call: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<Answer<T>> {
	try {
		const { data, error, response } = await call;
		if (data !== undefined) return { ok: true, value: data };
		return { ok: false, status: response.status, problem: readProblem(error, response) };
	} catch {
		return {
			ok: false,
			status: 0,
			problem: { kind: 'unreachable', detail: m.problem_unreachable(), help: m.problem_unreachable_help() }
		};
	}
}

/** Something between us and the service may answer in its own words, so the shape is checked. */
function readProblem(error: unknown, response: Response): Problem {
	if (typeof error === 'object' && error !== null && 'kind' in error && 'detail' in error) return error as Problem;
	return { kind: 'failed', detail: m.problem_status({ status: response.status }), help: null };
}

export const getWorkspace = () => ask<WorkspaceSummary>(client.GET('/api/workspace'));

export const getQueue = () => ask<Queue>(client.GET('/api/queue'));

export const getDeliveries = () => ask<Delivery[]>(client.GET('/api/deliveries'));

export const getLedger = () => ask<LedgerState>(client.GET('/api/ledger'));

export const getDeliverySummary = (id: string) =>
	ask<DeliverySummary>(client.GET('/api/deliveries/{id}/summary', { params: { path: { id } } }));

export const openFile = (id: string, purpose: string, reader: string) =>
	ask<Opening>(client.POST('/api/persons/{id}/openings', { params: { path: { id } }, body: { purpose, reader } }));

export const getPerson = (id: string, opening: string) =>
	ask<PersonFile>(client.GET('/api/persons/{id}', { params: { path: { id }, query: { opening } } }));

export const getWhy = (id: string, opening: string) =>
	ask<Why>(client.GET('/api/obligations/{id}', { params: { path: { id }, query: { opening } } }));

export const getRow = (pointer: Pointer, opening: string | undefined) =>
	ask<SourceRow>(
		client.GET('/api/rows', {
			params: {
				query: {
					delivery: pointer.delivery,
					file: pointer.file,
					row: pointer.row,
					...(pointer.sheet ? { sheet: pointer.sheet } : {}),
					...(opening ? { opening } : {})
				}
			}
		})
	);
