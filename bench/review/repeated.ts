/** The repeated part of a synthesized stack. */
export interface Repeatable {
  readonly resource: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/**
 * A configuration with repeated resources: `aws_sqs_queue.media`, `.media_2`, `.media_3` … Copies refer to their own
 * copies.
 */
export function repeated<Stack extends Repeatable>(stack: Stack, times: number): Stack {
  const resource = Object.fromEntries(
    Object.entries(stack.resource).map(([type, named]) => [
      type,
      Object.fromEntries(
        Array.from({ length: times }, (_, index) =>
          Object.entries(named).map(([name, attributes]) => [
            renamed(name, index),
            copied(attributes, stack, index),
          ]),
        ).flat() as [string, unknown][],
      ),
    ]),
  );
  return { ...stack, resource };
}

const renamed = (name: string, index: number): string => (index === 0 ? name : `${name}_${index + 1}`);

/** A value with its references changed to those of a copy. */
function copied(value: unknown, stack: Repeatable, index: number): unknown {
  if (typeof value === "string") {
    return value.replace(/(\w+)\.([\w-]+)/g, (text, type: string, name: string) =>
      stack.resource[type]?.[name] === undefined ? text : `${type}.${renamed(name, index)}`,
    );
  }
  if (Array.isArray(value)) return value.map((member) => copied(member, stack, index));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, copied(member, stack, index)]),
  );
}
