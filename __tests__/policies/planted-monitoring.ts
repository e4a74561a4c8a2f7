import type { Case } from "./planted";

const ALARM = "aws_cloudwatch_metric_alarm.a";
const WHOLE = "aws_cloudwatch_composite_alarm.c";
const told = {
  alarm_actions: ["${aws_sns_topic.t.arn}"],
  alarm_description:
    "Page: It fails. First: Look at it. Owner: platform. Runbook: https://github.com/o/r/blob/main/docs/runbooks/a.md",
};

/** Violations of the rules about monitoring. */
export const monitoringCases = {
  "alarm-has-action-and-runbook": [
    { plant: { [ALARM]: { ...told, alarm_actions: [] } }, at: ALARM, repair: { [ALARM]: told } },
    {
      plant: { [ALARM]: { ...told, actions_enabled: false } },
      at: ALARM,
      repair: { [ALARM]: { actions_enabled: true } },
    },
    { plant: { [ALARM]: { ...told, alarm_description: "It fails" } }, at: ALARM, repair: { [ALARM]: told } },
    {
      plant: { [WHOLE]: { ...told, alarm_actions: [], alarm_rule: "ALARM(other)" } },
      at: WHOLE,
      repair: { [WHOLE]: told },
    },
    {
      plant: {
        [ALARM]: { alarm_name: "a", alarm_description: told.alarm_description },
        [WHOLE]: { ...told, alarm_rule: "ALARM(ab) AND OK(b)" },
      },
      at: ALARM,
      repair: { [WHOLE]: { alarm_rule: `ALARM(ab) AND OK(\${${ALARM}.alarm_name})` } },
    },
    {
      plant: {
        [ALARM]: { alarm_name: "a", alarm_description: told.alarm_description },
        [WHOLE]: { ...told, alarm_rule: "ALARM(ab)" },
      },
      at: ALARM,
      repair: { [WHOLE]: { alarm_rule: 'ALARM(ab) OR ALARM( "a" )' } },
    },
    {
      plant: {
        [ALARM]: {
          ...told,
          alarm_actions: ["${aws_appautoscaling_policy.p.arn}", "t"],
          alarm_description: "",
        },
      },
      at: ALARM,
      repair: { [ALARM]: { alarm_actions: ["${aws_appautoscaling_policy.p.arn}"] } },
    },
  ],
} satisfies Record<string, readonly Case[]>;
