import { repeated } from "../../bench/review/repeated";
import { synthEnvironment } from "../support/synth";
import { addressesIn } from "../../packages/terraform/synthesized-stack";

const stack = {
  terraform: { required_version: ">= 1.11" },
  resource: {
    aws_sqs_queue: {
      media: { name: "media", redrive_policy: '${jsonencode({"arn" = aws_sqs_queue.dead_letters.arn})}' },
      dead_letters: { name: "dead", provider: "aws.us_east_1" },
    },
    aws_sqs_queue_policy: {
      media: {
        policy: { Statement: [{ Resource: "${aws_sqs_queue.media.arn}/x-${data.aws_sqs_queue.media.arn}" }] },
        depends_on: ["aws_sqs_queue.media"],
      },
    },
  },
};

describe("a stack whose resources are repeated", () => {
  it("repeats each of them equally often, the first unchanged", () => {
    const { resource } = repeated(stack, 3);
    expect(Object.keys(resource.aws_sqs_queue).sort()).toEqual(
      ["dead_letters", "dead_letters_2", "dead_letters_3", "media", "media_2", "media_3"].sort(),
    );
    expect(resource.aws_sqs_queue.media).toEqual(stack.resource.aws_sqs_queue.media);
  });

  it("has copies that refer to their own copy, at any depth", () => {
    const { resource } = repeated(stack, 2) as unknown as {
      resource: Record<string, Record<string, unknown>>;
    };
    expect(resource.aws_sqs_queue?.media_2).toEqual({
      name: "media",
      redrive_policy: '${jsonencode({"arn" = aws_sqs_queue.dead_letters_2.arn})}',
    });
    expect(resource.aws_sqs_queue_policy?.media_2).toEqual({
      policy: { Statement: [{ Resource: "${aws_sqs_queue.media_2.arn}/x-${data.aws_sqs_queue.media.arn}" }] },
      depends_on: ["aws_sqs_queue.media_2"],
    });
  });

  it("keeps what is no resource", () => {
    const { terraform, resource } = repeated(stack, 2);
    expect(terraform).toEqual(stack.terraform);
    expect(resource.aws_sqs_queue).toHaveProperty("dead_letters_2.provider", "aws.us_east_1");
  });

  it("has no copy of a real environment that refers to another copy", () => {
    const { resource } = repeated(synthEnvironment("dev").json as typeof stack, 2);
    const copies = Object.values(resource).flatMap((named) =>
      Object.entries(named).filter(([name]) => name.endsWith("_2")),
    );
    const references = copies.flatMap(([, attributes]) => addressesIn(JSON.stringify(attributes)));
    expect(references.length).toBeGreaterThan(100);
    expect(references.filter((address) => !address.endsWith("_2"))).toEqual([]);
  });
});
