import { each, type Fault, unless } from "../rule";

const OWNER_AND_RUNBOOK = /Owner: \S.*\. Runbook: https:\/\/\S+\/docs\/runbooks\/[\w-]+\.md$/;

export const alarmTellsSomebody = each(
  "aws_cloudwatch_metric_alarm,aws_cloudwatch_composite_alarm",
  (alarm, stack) => {
    // A part of another alarm, which tells of both.
    const part = stack
      .of("aws_cloudwatch_composite_alarm")
      .some((whole) => asks(whole.at("alarm_rule").text, alarm.address, alarm.at("alarm_name").text));
    if (part || scales(alarm.at("alarm_actions").texts)) return [];
    return [
      unless(
        alarm.at("alarm_actions").list.length > 0 && alarm.at("actions_enabled").raw !== false,
        "rings, and nobody is told",
        "set alarmActions to a topic",
      ),
      unless(
        OWNER_AND_RUNBOOK.test(alarm.at("alarm_description").text),
        "says neither whose it is nor what to do",
        'end its description with "Owner: <team>. Runbook: https://…/docs/runbooks/<alarm>.md"',
      ),
    ].filter((fault): fault is Fault => fault !== undefined);
  },
);

/** Whether all that it does is to scale something: nobody needs to know. */
function scales(actions: readonly string[]): boolean {
  return actions.length > 0 && actions.every((action) => action.startsWith("${aws_appautoscaling_policy."));
}

/** Whether a rule of a composite alarm asks for an alarm, by reference or by name. */
function asks(rule: string, address: string, name: string): boolean {
  const asked = [...rule.matchAll(/\(\s*"?([^()"]+)"?\s*\)/g)].map(([, one = ""]) => one.trim());
  return asked.some((one) => one === name || one.startsWith(`\${${address}.`));
}
