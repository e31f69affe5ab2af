import { browser } from '$app/environment';
import type { Opening } from '$lib/api/client';

// What this tab knows of openings. It is gone when the tab closes; the service keeps the account.

const READER = 'throughline.reader';
const opening = (person: string) => `throughline.opening.${person}`;

export function reader(): string {
	return browser ? (sessionStorage.getItem(READER) ?? '') : '';
}

export function keepOpening(kept: Opening): void {
	sessionStorage.setItem(READER, kept.reader);
	sessionStorage.setItem(opening(kept.person), JSON.stringify(kept));
}

/** The opening that this tab holds for a person. Whether it still serves is for the service to say. */
export function heldOpening(person: string): Opening | undefined {
	if (!browser) return undefined;
	const kept = sessionStorage.getItem(opening(person));
	return kept ? (JSON.parse(kept) as Opening) : undefined;
}

export function dropOpening(person: string): void {
	sessionStorage.removeItem(opening(person));
}

// Names that a list has already shown, so that the question "why do you open this file?" can say whose it is.
const names = new Map<string, string>();

export const rememberName = (person: string, name: string): void => void names.set(person, name);

export const rememberedName = (person: string): string | undefined => names.get(person);
