import type { Text } from '$lib/api/client';
import { getLocale, locales, overwriteGetLocale, setLocale, type Locale } from '$lib/paraglide/runtime';

let current = $state<Locale>(getLocale());

// Messages ask for the locale each time they are rendered, so a switch rewrites the page in place: no reload, and what
// is open stays open.
overwriteGetLocale(() => current);

export const language = {
	all: locales,

	get current(): Locale {
		return current;
	},

	/** Switches the language and remembers it. */
	choose(locale: Locale): void {
		current = locale;
		void setLocale(locale, { reload: false });
	}
};

/** A text of the service in the reader's language. */
export const say = (text: Text): string => text[language.current];
