import { each, type Fault } from "../rule";
import type { Resource } from "@packages/terraform/synthesized-stack";

const OWNER_AND_RUNBOOK = /Owner: \S.*\. Runbook: https:\/\/\S+\/docs\/runbooks\/[\w-]+\.md$/;

export const alarmTellsSomebody = each(
  "aws_cloudwatch_metric_alarm,aws_cloudwatch_composite_alarm",
  (alarm, stack) => {
    // A part of another alarm, which tells of both.
    const part = stack
      .of("aws_cloudwatch_composite_alarm")
      .some((whole) => asks(whole.at("alarm_rule").text, alarm));
    if (part || scales(alarm.at("alarm_actions").texts)) return [];
    return [
      alarm.at("alarm_actions").list.length > 0 && alarm.at("actions_enabled").raw !== false
        ? undefined
        : { finding: "rings, and nobody is told", remedy: "set alarmActions to a topic" },
      OWNER_AND_RUNBOOK.test(alarm.at("alarm_description").text)
        ? undefined
        : {
            finding: "says neither whose it is nor what to do",
            remedy: 'end its description with "Owner: <team>. Runbook: https://…/docs/runbooks/<alarm>.md"',
          },
    ].filter((fault): fault is Fault => fault !== undefined);
  },
);

/** Whether all that it does is to scale something: nobody needs to know. */
function scales(actions: readonly string[]): boolean {
  return actions.length > 0 && actions.every((action) => action.startsWith("${aws_appautoscaling_policy."));
}

/** Whether a rule of a composite alarm asks for an alarm, by reference or by name. */
function asks(rule: string, alarm: Resource): boolean {
  const name = alarm.at("alarm_name").text;
  const asked = [...rule.matchAll(/\(\s*"?([^()"]+)"?\s*\)/g)].map(([, one = ""]) => one.trim());
  return asked.some((one) => one === name || one.startsWith(`\${${alarm.address}.`));
}
