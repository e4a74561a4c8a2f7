import { Value } from "@packages/terraform/value";
import type { Stack } from "@packages/terraform/synthesized-stack";
import { plain, plainJson } from "./resolve-references";

/** A metric of a dashboard or an alarm. */
export interface Shown {
  /** Location: `dashboard: Requests`, or `alarm api-errors`. */
  readonly at: string;
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: string;
}

/** Body of a stack's dashboard with resolved references. Throws if the stack has none. */
export function dashboardBody(stack: Stack): DashboardBody {
  const [dashboard] = stack.attributesOf("aws_cloudwatch_dashboard");
  if (dashboard === undefined) throw new Error(`${stack.name} has no dashboard`);
  return plainJson(stack, dashboard[1].dashboard_body) as DashboardBody;
}

export interface DashboardBody {
  readonly start?: string;
  readonly widgets: readonly Widget[];
}

export interface Widget {
  readonly type: "text" | "metric" | "alarm";
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: WidgetProperties;
}

export interface WidgetProperties {
  readonly title?: string;
  readonly markdown?: string;
  readonly alarms?: readonly string[];
  readonly region?: string;
  readonly period?: number;
  readonly yAxis?: Readonly<Record<"left" | "right", { readonly label: string } | undefined>>;
  readonly annotations?: {
    readonly horizontal: readonly { readonly label: string; readonly value: number }[];
  };
  /** `[namespace, name, dimension, value, …, options]`, or only the options of an expression. */
  readonly metrics?: readonly (readonly (string | LineOptions)[])[];
}

export interface LineOptions {
  readonly id?: string;
  readonly expression?: string;
  readonly label?: string;
  readonly stat?: string;
  readonly visible?: boolean;
  readonly yAxis?: "right";
}

/** A parsed line of a widget; expressions have no namespace. */
export interface Line extends LineOptions {
  readonly namespace?: string;
  readonly name?: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

export function linesOf({ metrics = [] }: WidgetProperties): Line[] {
  return metrics.map((parts) => {
    const texts = parts.filter((part) => typeof part === "string");
    const options = parts.find((part) => typeof part === "object") ?? {};
    const [namespace, name, ...pairs] = texts;
    if (namespace === undefined || name === undefined) return { ...options, dimensions: {} };
    return { ...options, namespace, name, dimensions: paired(pairs) };
  });
}

function paired(texts: readonly string[]): Record<string, string> {
  const keys = texts.filter((_, index) => index % 2 === 0);
  return Object.fromEntries(keys.map((key, index) => [key, texts[2 * index + 1] ?? ""]));
}

export function shownByDashboard(body: DashboardBody): Shown[] {
  return body.widgets.flatMap(({ properties }) =>
    linesOf(properties).flatMap(({ namespace, name, dimensions, stat = "" }) =>
      namespace === undefined || name === undefined
        ? []
        : [{ at: `dashboard: ${properties.title}`, namespace, name, dimensions, statistic: stat }],
    ),
  );
}

export function askedByAlarms(stack: Stack): Shown[] {
  return stack.attributesOf("aws_cloudwatch_metric_alarm").flatMap(([name, raw]) => {
    const alarm = new Value(plain(stack, raw));
    const asked = alarm.at("metric_query").exists
      ? alarm
          .at("metric_query")
          .list.map((query) => query.at("metric"))
          .filter(({ exists }) => exists)
      : [alarm];
    return asked.map((one) => ({
      at: `alarm ${name}`,
      namespace: one.at("namespace").text,
      name: one.at("metric_name").text,
      dimensions: (one.at("dimensions").raw ?? {}) as Record<string, string>,
      statistic: one.at("stat").text || one.at("extended_statistic").text || one.at("statistic").text,
    }));
  });
}
