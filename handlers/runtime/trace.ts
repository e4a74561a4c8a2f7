import * as xray from "aws-xray-sdk-core";

// Outside of a traced request there is nothing to add to: that is no error, and no line in the log. (The SDK ignores
// this where AWS_XRAY_CONTEXT_MISSING is set; `quietly` makes even RUNTIME_ERROR harmless.)
xray.setContextMissingStrategy("IGNORE_ERROR");

/** What may be told of a piece of work while it runs. */
export interface Trace {
  /** By which traces can be searched. */
  annotate(name: string, value: string | number | boolean): void;
  /** Shown with a trace. */
  describe(name: string, value: unknown): void;
}

export interface Database {
  readonly host: string;
  readonly port: number;
  readonly name: string;
  readonly user: string;
}

/**
 * Runs a piece of work as a subsegment of the request's trace. Its error is recorded and thrown on; where nothing is
 * traced, or tracing itself fails, the work runs all the same, once.
 */
export function traced<Result>(name: string, work: (trace: Trace) => Promise<Result>): Promise<Result> {
  return within(name, () => undefined, work);
}

/** Runs a query as a subsegment that X-Ray shows as a call of a database; the text must hold no values. */
export function tracedQuery<Result>(
  database: Database,
  text: string,
  query: () => Promise<Result>,
): Promise<Result> {
  const { host, port, name, user } = database;
  const describe = (subsegment: xray.Subsegment): void => {
    const sql = new xray.database.SqlData(undefined, undefined, user, `${host}:${port}/${name}`, "statement");
    subsegment.addAttribute("namespace", "remote");
    subsegment.addSqlData(Object.assign(sql, { database_type: "PostgreSQL", sanitized_query: text }));
  };
  return within(`${name}@${host}`, describe, query);
}

/** The AWS SDK client, whose calls are subsegments of the request's trace from now on. */
export function tracedClient<Client extends Parameters<typeof xray.captureAWSv3Client>[0]>(
  client: Client,
): Client {
  return quietly(() => xray.captureAWSv3Client(client)) ?? client;
}

async function within<Result>(
  name: string,
  describe: (subsegment: xray.Subsegment) => void,
  work: (trace: Trace) => Promise<Result>,
): Promise<Result> {
  const subsegment = quietly(() => xray.getSegment()?.addNewSubsegment(name));
  if (subsegment !== undefined) quietly(() => describe(subsegment));
  try {
    const result = await inside(subsegment, () => work(traceOf(subsegment)));
    quietly(() => subsegment?.close());
    return result;
  } catch (error) {
    quietly(() => subsegment?.close(error instanceof Error ? error : String(error)));
    throw error;
  }
}

/** Makes the subsegment the one that deeper calls add to. */
function inside<Result>(
  subsegment: xray.Subsegment | undefined,
  work: () => Promise<Result>,
): Promise<Result> {
  if (subsegment === undefined) return work();
  let result: Promise<Result> | undefined;
  quietly(() =>
    xray.getNamespace().run(() => {
      quietly(() => xray.setSegment(subsegment));
      result = (async () => work())();
    }),
  );
  return result ?? work();
}

function traceOf(subsegment: xray.Subsegment | undefined): Trace {
  return {
    annotate: (name, value) => void quietly(() => subsegment?.addAnnotation(name, value)),
    describe: (name, value) => void quietly(() => subsegment?.addMetadata(name, value)),
  };
}

/** Tracing watches the work and must never be the reason that it fails. */
function quietly<Result>(tell: () => Result): Result | undefined {
  try {
    return tell();
  } catch {
    return undefined;
  }
}
