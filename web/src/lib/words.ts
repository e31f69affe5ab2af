import { m } from '$lib/paraglide/messages';

// The service's vocabularies, in words. Each name has its message, `<vocabulary>_<name>`; a name that this page does not
// know yet is shown as it is, rather than hidden.

type Vocabulary =
	| 'clause'
	| 'event'
	| 'field'
	| 'level'
	| 'object'
	| 'outcome'
	| 'problem_kind'
	| 'purpose'
	| 'purpose_means'
	| 'refusal'
	| 'repair'
	| 'result'
	| 'source'
	| 'state'
	| 'status'
	| 'truth';

export function word(vocabulary: Vocabulary, name: string): string {
	const key = `${vocabulary}_${name.replaceAll(/[^a-z0-9]+/gi, '_')}`;
	const message = (m as unknown as { [key: string]: (() => string) | undefined })[key];
	return message ? message() : name.replaceAll('_', ' ');
}

/** Whether the page has its own words for a name. */
export const known = (vocabulary: Vocabulary, name: string): boolean =>
	`${vocabulary}_${name.replaceAll(/[^a-z0-9]+/gi, '_')}` in m;
