import * as xray from "aws-xray-sdk-core/dist/lib/context_utils";
import SqlData from "aws-xray-sdk-core/dist/lib/database/sql_data";
import { init } from "aws-xray-sdk-core/dist/lib/env/aws_lambda";
import type Subsegment from "aws-xray-sdk-core/dist/lib/segments/attributes/subsegment";
import Segment from "aws-xray-sdk-core/dist/lib/segments/segment";
import { processTraceData } from "aws-xray-sdk-core/dist/lib/utils";
import { isLambda } from "./environment";

// The parts of the SDK that are needed: its index would load as much again, for HTTP and for sampling. What the index
// does in Lambda: segments are Lambda's own, work adds subsegments to them.
if (isLambda()) init();

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

/**
 * Runs a piece of work that no request of Lambda's asks for as a segment of its own: of the trace that an X-Ray header
 * tells of (`Root=…;Parent=…;Sampled=…`), else of a new one. As `traced`, it never keeps the work from being done.
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

/** Runs a query as a subsegment that X-Ray shows as a call of a database; the text must hold no values. */
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

/** Runs a call of an AWS service as a subsegment that X-Ray shows as one: `s3`, with the operation and the region. */
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
  // Of most requests X-Ray takes no sample: what nobody will see need not be made.
  if (segment?.notTraced === true) return work(traceOf(undefined));
  const subsegment = quietly(() => segment?.addNewSubsegment(name));
  if (subsegment !== undefined) quietly(() => describe(subsegment));
  return closing(subsegment, () => work(traceOf(subsegment)));
}

/** Closes the segment when the work has ended, with its error when it failed. */
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

/** Makes the segment the one that deeper calls add to. */
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

/** Tracing watches the work and must never be the reason that it fails. */
function quietly<Result>(tell: () => Result): Result | undefined {
  try {
    return tell();
  } catch {
    return undefined;
  }
}
