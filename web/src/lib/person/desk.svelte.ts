import type { Pointer, PersonFile, Report } from '$lib/api/client';
import { m } from '$lib/paraglide/messages';
import { known, word } from '$lib/words';
import { getContext, setContext } from 'svelte';

/** What the source sheet lays out: something said, and the rows that say it. */
export interface Exhibit {
	title: string;
	note?: string;
	conflict?: boolean;
	items: ExhibitItem[];
}

export interface ExhibitItem {
	heading: string;
	value?: string;
	pointers: Pointer[];
	fields?: Report['fields'];
}

/** An open file as its parts see it: what lets them read on, and where they show sources. */
export class Desk {
	exhibit = $state<Exhibit>();

	constructor(
		readonly file: PersonFile,
		readonly opening: string,
		/** Asks for the purpose again, when the service no longer takes the opening. */
		readonly reopen: () => void
	) {}

	show(exhibit: Exhibit): void {
		this.exhibit = exhibit;
	}

	/** Shows the rows behind one value. */
	showValue(title: string, value: string, pointers: Pointer[]): void {
		this.show({ title, items: [{ heading: this.sources(pointers), value, pointers }] });
	}

	/** A source as a heading names it: our words for it, or else its custodian's name. */
	source(id: string): string {
		if (known('source', id)) return word('source', id);
		return this.file.lanes.find((lane) => lane.source === id)?.label ?? id;
	}

	sources(pointers: Pointer[]): string {
		const names = pointers
			.map((pointer) => this.source(pointer.source))
			.filter((name, at, all) => all.indexOf(name) === at);
		return names.length > 0 ? names.join(', ') : m.computed();
	}
}

const KEY = Symbol('desk');

export const layDesk = (desk: () => Desk) => setContext(KEY, desk);

export const useDesk = () => getContext<() => Desk>(KEY);
