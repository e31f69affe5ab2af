import { language } from '$lib/language.svelte';
import { m } from '$lib/paraglide/messages';

const DAY = /^\d{4}-\d{2}-\d{2}/;
const DAY_MS = 86_400_000;

/** The day of a day or day-and-time, as days since 1970. Days are civil: no time zone moves them. */
export const dayNumber = (value: string): number => Date.parse(`${value.slice(0, 10)}T00:00:00Z`) / DAY_MS;

/** The day, from days since 1970. */
export const dayOf = (number: number): string => new Date(number * DAY_MS).toISOString().slice(0, 10);

function part(options: Intl.DateTimeFormatOptions, date: Date): string {
	return new Intl.DateTimeFormat(language.current, { timeZone: 'UTC', ...options }).format(date).replace(/\.$/, '');
}

/** A day such as `2 Dec 2026`, with the time if the value has one. */
export function day(value: string): string {
	if (!DAY.test(value)) return value;
	const date = new Date(`${value.slice(0, 10)}T00:00:00Z`);
	const time = value.length > 10 && !value.slice(11).startsWith('00:00') ? `, ${value.slice(11, 16)}` : '';
	return `${date.getUTCDate()} ${part({ month: 'short' }, date)} ${date.getUTCFullYear()}${time}`;
}

/** The weekday of a day, such as `Wed`. */
export const weekday = (value: string): string =>
	DAY.test(value) ? part({ weekday: 'short' }, new Date(`${value.slice(0, 10)}T00:00:00Z`)) : '';

/** A month such as `Mar 2025`. */
export const month = (number: number): string => part({ month: 'short' }, new Date(number * DAY_MS));

/** An instant in the reader's own time zone. */
export function instant(value: string): string {
	const date = new Date(value);
	if (Number.isNaN(date.getTime())) return value;
	const clock = new Intl.DateTimeFormat(language.current, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
	const month = new Intl.DateTimeFormat(language.current, { month: 'short' }).format(date).replace(/\.$/, '');
	return `${date.getDate()} ${month} ${date.getFullYear()}, ${clock.format(date)}`;
}

/** A count with separators. */
export const count = (value: number): string => new Intl.NumberFormat(language.current).format(value);

/** A weight in bits, signed. */
export const bits = (value: number): string =>
	new Intl.NumberFormat(language.current, {
		minimumFractionDigits: 1,
		maximumFractionDigits: 1,
		signDisplay: 'always'
	}).format(value);

/** A probability. Never rounded up to certainty. */
export function probability(value: number): string {
	const percent = value > 0.9999 ? 0.9999 : value;
	const text = new Intl.NumberFormat(language.current, { style: 'percent', maximumFractionDigits: 2 }).format(percent);
	return value > 0.9999 ? `> ${text}` : text;
}

/** How long a stretch of days is, in the unit a person would use. */
export function stretch(days: number): string {
	if (days < 61) return m.stretch_days({ count: days });
	const months = Math.round(days / 30.44);
	if (months < 24) return m.stretch_months({ count: months });
	return m.stretch_years({ count: Math.round(days / 365.25) });
}

/** How far off a date is, by the service's own count. */
export function daysLeft(days: number): string {
	if (days === 0) return m.days_today();
	return days > 0 ? m.days_left({ count: days }) : m.days_past({ count: -days });
}
