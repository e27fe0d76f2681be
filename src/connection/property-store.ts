/**
 * Where the connection record lives: the user properties of the connection's Jira account (connection.md, "Record").
 * There is no compare-and-set, so each key has one writer.
 */
export interface PropertyStore {
  /** All keys that begin with the prefix. */
  keys(prefix: string): Promise<readonly string[]>;
  /** The JSON value, or undefined where there is no such key. */
  get(key: string): Promise<unknown>;
  /** Values are at most 32,768 characters of JSON. */
  put(key: string, value: unknown): Promise<void>;
  /** Deleting what is not there succeeds. */
  delete(key: string): Promise<void>;
}
