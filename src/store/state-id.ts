const statePattern = /^[a-z0-9-]{1,64}$/;

/** Whether this may name a file and end a cache key: 1 to 64 of `a-z`, `0-9` and `-`. */
export function isStateId(id: string): boolean {
  return statePattern.test(id);
}
