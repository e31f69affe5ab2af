import type { HandleClientError } from '@sveltejs/kit';

/** A page that does not exist is said on the page; only faults of our own go to the console. */
export const handleError: HandleClientError = ({ error, status, message }) => {
	if (status !== 404) console.error(error);
	return { message };
};
