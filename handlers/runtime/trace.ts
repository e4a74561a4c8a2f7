import * as xray from "aws-xray-sdk-core/dist/lib/context_utils";
import SqlData from "aws-xray-sdk-core/dist/lib/database/sql_data";
import { init } from "aws-xray-sdk-core/dist/lib/env/aws_lambda";
import type Subsegment from "aws-xray-sdk-core/dist/lib/segments/attributes/subsegment";
import Segment from "aws-xray-sdk-core/dist/lib/segments/segment";
import { processTraceData } from "aws-xray-sdk-core/dist/lib/utils";
import { isLambda } from "./environment";

// Only the needed parts of the SDK: its index loads as much again for HTTP and sampling. As in Lambda, segments are
// Lambda's and work adds subsegments.
if (isLambda()) init();

// Outside of a traced request there is nothing to add to; not an error. (The SDK ignores this if
// AWS_XRAY_CONTEXT_MISSING is set; `quietly` even handles RUNTIME_ERROR.)
xray.setContextMissingStrategy("IGNORE_ERROR");

/** Annotations of running work. */
export interface Trace {
  /** Adds an annotation, searchable in X-Ray. */
  annotate(name: string, value: string | number | boolean): void;
  /** Adds metadata, shown with the trace. */
  describe(name: string, value: unknown): void;
}

export interface Database {
  readonly host: string;
  readonly port: number;
  readonly name: string;
  readonly user: string;
}

/**
 * Runs work as a subsegment of the request's trace; records and rethrows its error. Without trace, or if tracing fails,
 * the work still runs once.
 */
export function traced<Result>(name: string, work: (trace: Trace) => Promise<Result>): Promise<Result> {
  return within(name, () => undefined, work);
}

/**
 * Runs work without Lambda request as its own segment: in the trace of an X-Ray header (`Root=…;Parent=…;Sampled=…`),
 * or in a new one. Tracing never prevents the work.
 */
export function continued<Result>(
  name: string,
  header: string | undefined,
  work: () => Promise<Result>,
): Promise<Result> {
  return closing(
    quietly(() => {
      const { root, parent, sampled } = processTraceData(header ?? "");
      const segment = new Segment(name, root, parent);
      segment.notTraced = sampled === "0";
      return segment;
    }),
    work,
  );
}

/** Runs a query as a database subsegment; the text must not contain values. */
export function tracedQuery<Result>(
  database: Database,
  text: string,
  query: () => Promise<Result>,
): Promise<Result> {
  const { host, port, name, user } = database;
  const describe = (subsegment: Subsegment): void => {
    const sql = new SqlData(undefined, undefined, user, `${host}:${port}/${name}`, "statement");
    subsegment.addAttribute("namespace", "remote");
    subsegment.addSqlData(Object.assign(sql, { database_type: "PostgreSQL", sanitized_query: text }));
  };
  return within(`${name}@${host}`, describe, query);
}

/** Runs an AWS call as a subsegment with service, operation and region. */
export function tracedCall<Result>(
  service: string,
  call: { readonly operation: string; readonly region: string },
  work: () => Promise<Result>,
): Promise<Result> {
  const describe = (subsegment: Subsegment): void => {
    subsegment.addAttribute("namespace", "aws");
    subsegment.addAttribute("aws", { ...call });
  };
  return within(service, describe, work);
}

async function within<Result>(
  name: string,
  describe: (subsegment: Subsegment) => void,
  work: (trace: Trace) => Promise<Result>,
): Promise<Result> {
  const segment = quietly(() => xray.getSegment());
  // Unsampled requests need no subsegments.
  if (segment?.notTraced === true) return work(traceOf(undefined));
  const subsegment = quietly(() => segment?.addNewSubsegment(name));
  if (subsegment !== undefined) quietly(() => describe(subsegment));
  return closing(subsegment, () => work(traceOf(subsegment)));
}

/** Closes the segment when the work has ended, with its error if it failed. */
async function closing<Result>(
  segment: Segment | Subsegment | undefined,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    const result = await inside(segment, work);
    quietly(() => segment?.close());
    return result;
  } catch (error) {
    quietly(() => segment?.close(error instanceof Error ? error : String(error)));
    throw error;
  }
}

/** Makes the segment current for nested calls. */
function inside<Result>(
  segment: Segment | Subsegment | undefined,
  work: () => Promise<Result>,
): Promise<Result> {
  if (segment === undefined) return work();
  let result: Promise<Result> | undefined;
  quietly(() =>
    xray.getNamespace().run(() => {
      quietly(() => xray.setSegment(segment));
      result = (async () => work())();
    }),
  );
  return result ?? work();
}

function traceOf(subsegment: Subsegment | undefined): Trace {
  return {
    annotate: (name, value) => void quietly(() => subsegment?.addAnnotation(name, value)),
    describe: (name, value) => void quietly(() => subsegment?.addMetadata(name, value)),
  };
}

/** Runs a tracing call; its errors must not fail the work. */
function quietly<Result>(trace: () => Result): Result | undefined {
  try {
    return trace();
  } catch {
    return undefined;
  }
}
