import * as xray from "aws-xray-sdk-core";

// Outside of a traced request there is nothing to add to: that is no error, and no line in the log.
xray.setContextMissingStrategy("IGNORE_ERROR");

/** What may be told of a piece of work while it runs. */
export interface Trace {
  /** By which traces can be searched. */
  annotate(name: string, value: string | number | boolean): void;
  /** Shown with a trace. */
  describe(name: string, value: unknown): void;
}

const NOTHING: Trace = { annotate: () => undefined, describe: () => undefined };

/**
 * Runs a piece of work as a subsegment of the request's trace. Its error is recorded and thrown on; where
 * nothing is traced, or tracing itself fails, the work runs all the same, once.
 */
export async function traced<Result>(name: string, work: (trace: Trace) => Promise<Result>): Promise<Result> {
  const parent = quietly(() => xray.getSegment());
  const subsegment = quietly(() => parent?.addNewSubsegment(name));
  if (subsegment === undefined) return work(NOTHING);
  try {
    const result = await within(subsegment, () => work(traceOf(subsegment)));
    quietly(() => subsegment.close());
    return result;
  } catch (error) {
    quietly(() => subsegment.close(error instanceof Error ? error : String(error)));
    throw error;
  }
}

/** Runs a query as a subsegment that X-Ray shows as a call of a database; the text holds no values. */
export async function tracedQuery<Result>(
  database: { readonly host: string; readonly name: string; readonly user: string },
  text: string,
  query: () => Promise<Result>,
): Promise<Result> {
  const parent = quietly(() => xray.getSegment());
  const subsegment = quietly(() => parent?.addNewSubsegment(`${database.name}@${database.host}`));
  if (subsegment === undefined) return query();
  quietly(() => {
    subsegment.namespace = "remote";
    const url = `${database.host}/${database.name}`;
    const sql = new xray.database.SqlData(undefined, undefined, database.user, url, "statement");
    subsegment.addSqlData(Object.assign(sql, { database_type: "PostgreSQL", sanitized_query: text }));
  });
  try {
    const result = await query();
    quietly(() => subsegment.close());
    return result;
  } catch (error) {
    quietly(() => subsegment.close(error instanceof Error ? error : String(error)));
    throw error;
  }
}

/** An AWS SDK client whose calls are subsegments of the request's trace. */
export function tracedClient<Client extends Parameters<typeof xray.captureAWSv3Client>[0]>(
  client: Client,
): Client {
  return quietly(() => xray.captureAWSv3Client(client)) ?? client;
}

/** Makes the subsegment the one that deeper calls add to, where the SDK keeps one. */
function within<Result>(subsegment: xray.Subsegment, work: () => Promise<Result>): Promise<Result> {
  const namespace = quietly(() => xray.getNamespace());
  if (namespace?.active === undefined || namespace.active === null) return work();
  return namespace.runAndReturn(() => {
    quietly(() => xray.setSegment(subsegment));
    return work();
  });
}

function traceOf(subsegment: xray.Subsegment): Trace {
  return {
    annotate: (name, value) => void quietly(() => subsegment.addAnnotation(name, value)),
    describe: (name, value) => void quietly(() => subsegment.addMetadata(name, value)),
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
