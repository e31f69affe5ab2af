import { getQueue } from '$lib/api/client';

export const load = () => ({ queue: getQueue() });
