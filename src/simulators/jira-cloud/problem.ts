export interface ProblemDetails {
  /** By field. */
  readonly errors?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What ends the handling of a request with one of Jira's error answers, in Jira's `ErrorCollection` form. */
export class JiraProblem extends Error {
  readonly status: number;
  readonly messages: readonly string[];
  readonly errors: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, message: string | undefined, details: ProblemDetails = {}) {
    super(message ?? JSON.stringify(details.errors ?? {}));
    this.status = status;
    this.messages = message === undefined ? [] : [message];
    this.errors = details.errors ?? {};
    this.headers = details.headers ?? {};
  }

  body(): { readonly errorMessages: readonly string[]; readonly errors: Readonly<Record<string, string>> } {
    return { errorMessages: this.messages, errors: this.errors };
  }
}

export function invalidField(field: string, message: string): JiraProblem {
  return new JiraProblem(400, undefined, { errors: { [field]: message } });
}

export function issueNotFound(): JiraProblem {
  return new JiraProblem(404, 'Issue does not exist or you do not have permission to see it.');
}
