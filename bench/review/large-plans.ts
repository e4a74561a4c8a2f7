/** A plan with one large change, of the given number of permissions or items. */
export interface LargePlan {
  readonly name: string;
  readonly size: number;
  readonly json: () => string;
}

/** Actions, and resources, of a statement. */
const STATEMENT_SIDE = 10;

/** A role's policy that is created. */
export function manyPermissions(size: number): LargePlan {
  const statements = Array.from({ length: size / STATEMENT_SIDE ** 2 }, (_, index) => ({
    Effect: "Allow",
    Action: numbered(STATEMENT_SIDE, (action) => `s3:Action${index}x${action}`),
    Resource: numbered(STATEMENT_SIDE, (bucket) => `arn:aws:s3:::bucket-${index}-${bucket}`),
  }));
  const policy = JSON.stringify({ Version: "2012-10-17", Statement: statements });
  const change = { actions: ["create"], before: null, after: { role: "one", policy } };
  return { name: `a role with ${size} permissions`, size, json: () => planOf("aws_iam_role_policy", change) };
}

/** A list each of whose items changes. */
export function longList(size: number): LargePlan {
  const ingress = (last: number) =>
    numbered(size, (index) => ({
      from_port: 443,
      to_port: 443,
      protocol: "tcp",
      cidr_blocks: [`10.${(index >> 8) & 255}.${index & 255}.${last}/32`],
    }));
  const change = { actions: ["update"], before: { ingress: ingress(1) }, after: { ingress: ingress(2) } };
  return { name: `a list of ${size} items`, size, json: () => planOf("aws_security_group", change) };
}

function planOf(type: string, change: object): string {
  const resource = { address: `${type}.one`, mode: "managed", type, name: "one", change };
  return JSON.stringify({ format_version: "1.2", terraform_version: "1.11.4", resource_changes: [resource] });
}

const numbered = <Item>(length: number, item: (index: number) => Item): Item[] =>
  Array.from({ length }, (_, index) => item(index));
