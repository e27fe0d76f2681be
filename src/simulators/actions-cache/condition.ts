/**
 * The state of the whole service. `down`: no answer. `write-denied`: the run's token is read-only, as for untrusted events.
 * `read-denied`: it may read no scope. `reserved`: another job is always just saving the same key. `lost`: what is saved is
 * accepted and forgotten.
 */
export type CacheCondition = 'healthy' | 'down' | 'write-denied' | 'read-denied' | 'reserved' | 'lost';

export const writeDeniedMessage = 'cache write denied: the token of this run has read-only cache scopes';
export const readDeniedMessage = 'cache read denied: the token of this run has no readable cache scopes';
