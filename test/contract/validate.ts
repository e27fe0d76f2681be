import type { Simulator } from '../../src/simulators/simulator.ts';
import { graphQlAnswerProblems, graphQlRequestProblems } from './graphql.ts';
import { openApi } from './openapi.ts';
import type { Check, OpenApi, Operation, Parameter } from './openapi.ts';

export interface ValidateOptions {
  /** Requests to let pass unseen; each is tested against `METHOD scheme://host/path` (no query). */
  readonly ignore?: readonly RegExp[];
  /** Taken off the path's beginning. Default: `/api/v3` (GHES) and `/ex/jira/{cloudId}`. */
  readonly basePath?: RegExp;
  /** `record` (default) collects in `violations`, `throw` also rejects the request. */
  readonly on?: 'record' | 'throw';
  /**
   * Statuses that any operation may answer although its own list does not name them. Default: 301, 304, 307, 401, 403,
   * 404, 429 and everything from 500: vendors document those once, in their guides.
   */
  readonly alwaysAllowed?: (status: number) => boolean;
}

const defaultBasePath = /^(?:\/api\/v3|\/ex\/jira\/[^/]+)(?=\/)/;
/** GitHub's links and redirects name repositories by id; the document leaves this form out. */
const byRepositoryId = /^\/repositories\/\d+(?=\/|$)/;
/** GitHub's GraphQL: `/graphql`, on GHES `/api/graphql`. */
const graphQlPath = /^(?:\/api)?\/graphql$/;
const generalStatuses: readonly number[] = [301, 304, 307, 401, 403, 404, 429];
const allowedByDefault = (status: number): boolean => status >= 500 || generalStatuses.includes(status);

/**
 * Wraps a simulator: each request (path, method, query parameters, JSON body) and each answer (status documented, JSON body)
 * is checked against the vendor's OpenAPI document. Bodies that are not JSON are checked by status and media type only.
 * A path that the document does not have is a violation unless ignored. GraphQL is checked against GitHub's schema.
 *
 * @param document an OpenAPI 3.0 or 3.1 document as parsed JSON (see `readOpenApiDocument`)
 */
export function validated(
  simulator: Simulator,
  document: unknown,
  options: ValidateOptions = {},
): Simulator & { readonly violations: string[] } {
  const api = openApi(document);
  const violations: string[] = [];
  const report = (where: string, problems: readonly string[]): void => {
    const found = problems.map((problem) => `${where}: ${problem}`);
    violations.push(...found);
    if (options.on === 'throw' && found.length > 0) throw new Error(found.join('\n'));
  };
  const fetch = async (request: Request): Promise<Response> => {
    const url = new URL(request.url);
    const name = `${request.method} ${url.origin}${url.pathname}`;
    if ((options.ignore ?? []).some((pattern) => pattern.test(name))) return simulator.fetch(request);
    if (graphQlPath.test(url.pathname)) return graphQlChecked(simulator, request, report);
    const path = url.pathname.replace(options.basePath ?? defaultBasePath, '').replace(byRepositoryId, '/repos/-/-');
    const { operation, problems } = addressOf(api, { method: request.method, path, search: url.search });
    const where = `${request.method} ${path}`;
    if (!operation) {
      report(where, problems);
      return simulator.fetch(request);
    }
    const [seen, passedOn] = await forked(request);
    report(where, [...problems, ...requestBodyProblems(operation, seen, request.headers.get('content-type'))]);
    const [response, text] = await opened(await simulator.fetch(passedOn));
    report(`${where} → ${response.status}`, responseProblems(operation, { response, text }, options));
    return response;
  };
  return {
    get hosts() {
      return simulator.hosts;
    },
    fetch,
    violations,
  };
}

/** The operation at an address, and what the document says against its path and query. */
interface Address {
  readonly operation: Operation | undefined;
  readonly problems: readonly string[];
}

const addressesMax = 5_000;
const addressesOf = new WeakMap<OpenApi, Map<string, Address>>();

/** Simulations ask for the same addresses again and again. */
function addressOf(api: OpenApi, at: { readonly method: string; readonly path: string; readonly search: string }): Address {
  const { method, path, search } = at;
  const key = `${method} ${path}${search}`;
  const addresses = addressesOf.get(api) ?? new Map<string, Address>();
  addressesOf.set(api, addresses);
  const known = addresses.get(key);
  if (known !== undefined) return known;
  if (addresses.size === addressesMax) addresses.clear();
  const address = readAddress(api, at);
  addresses.set(key, address);
  return address;
}

function readAddress(api: OpenApi, { method, path, search }: Parameters<typeof addressOf>[1]): Address {
  const found = api.find(method, path);
  if (!found) return { operation: undefined, problems: ['the document has no such operation'] };
  const { operation, values } = found;
  return { operation, problems: [...queryProblems(operation, new URLSearchParams(search)), ...pathProblems(operation, values)] };
}

async function graphQlChecked(
  simulator: Simulator,
  request: Request,
  report: (where: string, problems: readonly string[]) => void,
): Promise<Response> {
  const where = `${request.method} /graphql`;
  const [text = '', passedOn] = await forked(request);
  report(where, graphQlRequestProblems(text));
  const [response, answer = ''] = await opened(await simulator.fetch(passedOn));
  // Refused credentials and limits are told as in REST.
  if (response.ok) report(`${where} → ${response.status}`, graphQlAnswerProblems(text, answer));
  return response;
}

/** An answer and its text, where it is JSON; any other is streamed on untouched. */
async function opened(response: Response): Promise<[Response, string | undefined]> {
  if (response.body === null || !isJson(response.headers.get('content-type'))) return [response, undefined];
  const text = await response.text();
  const { status, statusText, headers } = response;
  return [new Response(text, { status, statusText, headers }), text];
}

/** The body's text, where it is JSON, and a request with the body still in it; others are streamed on untouched. */
async function forked(request: Request): Promise<[string | undefined, Request]> {
  if (request.body === null) return [undefined, request];
  if (!isJson(request.headers.get('content-type'))) return [undefined, request];
  const copy = request.clone();
  return [await copy.text(), request];
}

const isJson = (contentType: string | null): boolean => /^application\/(?:[\w.+-]*\+)?json\b/.test(contentType ?? '');

function queryProblems(operation: Operation, query: URLSearchParams): readonly string[] {
  const known = new Map(operation.parameters.filter(({ location }) => location === 'query').map((one) => [one.name, one]));
  const problems = [...new Set(query.keys())].flatMap((name) => {
    const parameter = known.get(name);
    if (!parameter) return [`query parameter ${name} is not documented`];
    return parameterProblems(parameter, query.getAll(name));
  });
  const missing = [...known.values()].filter(({ name, required }) => required && !query.has(name));
  return [...problems, ...missing.map(({ name }) => `query parameter ${name} is missing`)];
}

function pathProblems(operation: Operation, values: Readonly<Record<string, string>>): readonly string[] {
  return operation.parameters
    .filter(({ location }) => location === 'path')
    .flatMap((parameter) => parameterProblems(parameter, [values[parameter.name] ?? '']));
}

/** A parameter is text; it fits if any reading of that text does: as it is, as a number, as a boolean, as a list. */
function parameterProblems(parameter: Parameter, values: readonly string[]): readonly string[] {
  const { check } = parameter;
  if (!check) return [];
  const readings = parameter.isArray ? listReadings(values) : values.slice(-1).flatMap(scalarReadings);
  const problems = readings.map((reading) => check(reading));
  if (problems.length === 0 || problems.includes(undefined)) return [];
  return [`${parameter.location} parameter ${parameter.name}: ${problems[0] ?? ''}`];
}

function scalarReadings(value: string): readonly unknown[] {
  const readings: unknown[] = [value];
  if (/^-?\d+(?:\.\d+)?$/.test(value)) readings.push(Number(value));
  if (value === 'true' || value === 'false') readings.push(value === 'true');
  return readings;
}

function listReadings(values: readonly string[]): readonly unknown[] {
  const items = values.flatMap((value) => value.split(','));
  return [items, values, items.map((item) => (/^-?\d+$/.test(item) ? Number(item) : item))];
}

function requestBodyProblems(operation: Operation, text: string | undefined, contentType: string | null): readonly string[] {
  if (operation.bodyMediaTypes === undefined) {
    return text === undefined || text === '' ? [] : ['the operation takes no body'];
  }
  if (text === undefined) {
    if (contentType === null) return operation.bodyRequired ? ['the body is missing'] : [];
    const mediaType = contentType.split(';')[0] ?? '';
    return operation.bodyMediaTypes.includes(mediaType) ? [] : [`body of type ${mediaType} is not documented`];
  }
  const parsed = parseJson(text);
  if (!parsed) return ['the body is not JSON'];
  const problem = operation.checkBody?.(parsed.value);
  return problem === undefined ? [] : [`body: ${problem}`];
}

function responseProblems(
  operation: Operation,
  { response, text }: { readonly response: Response; readonly text: string | undefined },
  options: ValidateOptions,
): readonly string[] {
  const documented = operation.response(response.status);
  if (!documented) {
    return (options.alwaysAllowed ?? allowedByDefault)(response.status) ? [] : ['the status is not documented'];
  }
  if (!documented.check) return [];
  if (text === undefined) {
    // HTML from a proxy comes with an error's status; a success that should be JSON has to be JSON.
    const isStream = documented.mediaTypes.some((type) => type.startsWith('application/vnd.github'));
    return response.ok && !isStream ? [`answer of type ${response.headers.get('content-type') ?? 'none'} is not JSON`] : [];
  }
  const fitting = fittingOf(documented.check);
  if (fitting.has(text)) return [];
  const parsed = parseJson(text);
  if (!parsed) return ['the answer is not JSON'];
  const problem = documented.check(parsed.value);
  if (problem !== undefined) return [`answer: ${problem}`];
  if (fitting.size === fittingMax) fitting.clear();
  fitting.add(text);
  return [];
}

const fittingMax = 500;
const fittingTexts = new WeakMap<Check, Set<string>>();

/** Answers that were found to fit: two of three answers of a simulation were given before, word for word. */
function fittingOf(check: Check): Set<string> {
  const texts = fittingTexts.get(check) ?? new Set<string>();
  fittingTexts.set(check, texts);
  return texts;
}

function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return { value };
  } catch {
    return undefined;
  }
}
