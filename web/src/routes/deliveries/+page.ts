import { getDeliveries, getLedger } from '$lib/api/client';

export const load = () => ({ deliveries: getDeliveries(), ledger: getLedger() });
