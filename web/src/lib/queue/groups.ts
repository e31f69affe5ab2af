import type { Obligation } from '$lib/api/client';

/** The queue's headings, in their order. */
export const GROUPS = ['liberty', 'overdue', 'soon', 'later', 'cannot_tell', 'settled'] as const;
export type Group = (typeof GROUPS)[number];

const SOON_DAYS = 14;

/** Under which heading an obligation stands. The service's order is kept within each. */
export function groupOf(item: Obligation): Group {
	if (item.status === 'met' || item.status === 'not_applicable') return 'settled';
	if (item.status === 'cannot_tell') return 'cannot_tell';
	if (item.liberty) return 'liberty';
	if (item.status === 'missed' || (item.days_left != null && item.days_left < 0)) return 'overdue';
	// What is owed without a date is owed now.
	if (item.days_left == null) return item.status === 'owed' ? 'soon' : 'later';
	return item.days_left <= SOON_DAYS ? 'soon' : 'later';
}

export function grouped(items: Obligation[]): { group: Group; items: Obligation[] }[] {
	return GROUPS.map((group) => ({ group, items: items.filter((item) => groupOf(item) === group) }));
}

/** Letters without accents or case, so that `Nunez` finds `Núñez`. */
export const plain = (text: string): string =>
	text
		.normalize('NFD')
		.replaceAll(/\p{Diacritic}/gu, '')
		.toLowerCase();

/** Which of an obligation's dates its place in the queue comes from. */
export function dateKind(item: Obligation): 'safe_by' | 'due' | 'opens' | 'next' {
	if (item.next_date === item.safe_by) return 'safe_by';
	if (item.next_date === item.due) return 'due';
	if (item.next_date === item.opens) return 'opens';
	return 'next';
}
