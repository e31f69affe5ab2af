import { getWorkspace } from '$lib/api/client';

// The binary serves files; every page is drawn in the browser.
export const ssr = false;
export const prerender = false;

export const load = () => ({ workspace: getWorkspace() });
