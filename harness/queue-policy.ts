/** A queue's policy that lets an AWS service send messages, for example `s3.amazonaws.com`. */
export function letsSend(service: string): string {
  const allow = {
    Effect: "Allow",
    Principal: { Service: service },
    Action: "sqs:SendMessage",
    Resource: "*",
  };
  return JSON.stringify({ Version: "2012-10-17", Statement: [allow] });
}
