import type { Conflict, Moment, Record, Stint } from '$lib/api/client';
import { day } from '$lib/format';
import { say } from '$lib/language.svelte';
import { m } from '$lib/paraglide/messages';
import type { Desk, Exhibit } from './desk.svelte';

// What the source sheet says of each kind of thing on the page.

export const momentExhibit = (desk: Desk, moment: Moment): Exhibit => ({
	title: say(moment.label),
	note: m.moment_note({ count: moment.reports.length }),
	conflict: moment.in_conflict,
	items: moment.reports.map((report) => ({
		heading: desk.source(report.source),
		value: report.at,
		fields: report.fields,
		pointers: [report.pointer]
	}))
});

export const stintExhibit = (desk: Desk, stint: Stint): Exhibit => ({
	title: stint.facility ?? m.facility_unknown(),
	note: `${m.custody()}: ${day(stint.from)} – ${stint.to ? day(stint.to) : m.no_end_recorded()}`,
	items: [{ heading: desk.source(stint.source), value: stint.from, pointers: stint.pointers }]
});

export const conflictExhibit = (desk: Desk, conflict: Conflict): Exhibit => ({
	title: say(conflict.label),
	conflict: true,
	items: conflict.values.map((value) => ({
		heading: desk.sources(value.from),
		value: value.value,
		pointers: value.from
	}))
});

export const recordExhibit = (desk: Desk, record: Record): Exhibit => ({
	title: m.record_from({ source: desk.source(record.pointer.source) }),
	items: [{ heading: desk.source(record.pointer.source), pointers: [record.pointer], fields: record.fields }]
});
