import { parsePolicy, type Statement } from "../../../packages/iam/document";
import {
  type Attributes,
  decoded,
  settingsOf,
  type Synthesized,
  synthEnvironment,
  synthFoundation,
} from "../../support/synth";

/** Documents of AWS's managed policies by name. */
export type ManagedPolicies = Readonly<Record<string, object>>;

/** A role of an environment or its foundation, with the statements that decide what its service can do. */
export interface UsedRole {
  /** Environment and address, for messages. */
  readonly name: string;
  readonly stack: Synthesized;
  readonly account: string;
  readonly region: string;
  readonly identityPolicies: readonly Statement[];
  readonly boundary: readonly Statement[];
  /** Resources of a type that have the role as this attribute, with references to names and ARNs filled in. */
  users(type: string, attribute: string): Attributes[];
  /** The first of them. Throws if there is none. */
  user(type: string, attribute: string): Attributes;
  /** ARNs of the log groups of a task definition's containers. */
  logGroupsOf(task: Attributes): string[];
  /** An ARN of the environment's account and region. */
  arn(service: string, rest: string): string;
}

/** Roles of an environment and its foundation that a service assumes. */
export function rolesOf(environment: string, service: string, managed: ManagedPolicies): UsedRole[] {
  const foundation = synthFoundation(environment);
  return [synthEnvironment(environment), foundation].flatMap((stack) =>
    [...stack.resources]
      .filter(([address, role]) => address.startsWith("aws_iam_role.") && trusts(role, service))
      .map(([address]) => new SynthesizedRole({ environment, stack, foundation, address, managed })),
  );
}

interface RolePlace {
  readonly environment: string;
  readonly stack: Synthesized;
  readonly foundation: Synthesized;
  readonly address: string;
  readonly managed: ManagedPolicies;
}

class SynthesizedRole implements UsedRole {
  readonly name: string;
  readonly stack: Synthesized;
  readonly account: string;
  readonly region: string;
  readonly identityPolicies: readonly Statement[];
  readonly boundary: readonly Statement[];

  constructor(private readonly place: RolePlace) {
    const { environment, stack, address } = place;
    const { account, region } = settingsOf(environment);
    this.name = `${environment} ${address}`;
    this.stack = stack;
    this.account = account;
    this.region = region;
    this.identityPolicies = [...this.inline(), ...this.attached()];
    this.boundary = boundaryOf(place);
  }

  users(type: string, attribute: string): Attributes[] {
    return this.stack
      .of(type)
      .filter((one) => one[attribute] === `\${${this.place.address}.arn}`)
      .map((one) => JSON.parse(this.filledIn(JSON.stringify(one))) as Attributes);
  }

  user(type: string, attribute: string): Attributes {
    const [first] = this.users(type, attribute);
    if (first === undefined) throw new Error(`no ${type} uses ${this.name}`);
    return first;
  }

  logGroupsOf({ container_definitions: containers }: Attributes): string[] {
    return (decoded(containers as string) as Attributes[]).map(({ logConfiguration }) => {
      const group = this.filledIn(logConfiguration.options["awslogs-group"] as string);
      return this.arn("logs", `log-group:${group}`);
    });
  }

  arn(service: string, rest: string): string {
    return `arn:aws:${service}:${this.region}:${this.account}:${rest}`;
  }

  private inline(): Statement[] {
    return this.stack
      .of("aws_iam_role_policy")
      .filter(({ role }) => role === `\${${this.place.address}.name}`)
      .flatMap(({ policy }) =>
        parsePolicy(this.name, this.filledIn(JSON.stringify(decoded(policy as string)))),
      );
  }

  private attached(): Statement[] {
    return this.stack
      .of("aws_iam_role_policy_attachment")
      .filter(({ role }) => role === `\${${this.place.address}.name}`)
      .flatMap(({ policy_arn: arn }) => {
        const name = (arn as string).split("/").at(-1) ?? "";
        return parsePolicy(name, this.place.managed[name] ?? {});
      });
  }

  /** Text with names and ARNs instead of references to log groups, buckets, repositories and databases. */
  private filledIn(text: string): string {
    return text.replace(
      /\$\{(\w+)\.(\w+)\.(arn|name|id|bucket)\}/g,
      (reference, type: string, id: string, key) => {
        const named = NAMED[type];
        if (named === undefined) return reference;
        const name = this.stack.at(`${type}.${id}`)[named.attribute] as string;
        return key === "arn" ? named.arn(this, name) : name;
      },
    );
  }
}

/** Types of resources that roles are used for, with the attribute that holds their name. */
const NAMED: Readonly<
  Record<string, { readonly attribute: string; readonly arn: (role: UsedRole, name: string) => string }>
> = {
  aws_cloudwatch_log_group: { attribute: "name", arn: (role, name) => role.arn("logs", `log-group:${name}`) },
  aws_db_instance: { attribute: "identifier", arn: (role, name) => role.arn("rds", `db:${name}`) },
  aws_ecr_repository: { attribute: "name", arn: (role, name) => role.arn("ecr", `repository/${name}`) },
  aws_s3_bucket: { attribute: "bucket", arn: (_, name) => `arn:aws:s3:::${name}` },
};

/** Statements of a role's permissions boundary: an ARN or a reference to a policy of the foundation. */
function boundaryOf({ stack, foundation, address }: RolePlace): Statement[] {
  const boundary = stack.at(address).permissions_boundary as string;
  const found = [...foundation.resources].find(
    ([one, { name }]) =>
      one.startsWith("aws_iam_policy.") &&
      (boundary === `\${${one}.arn}` || boundary.endsWith(`:policy/${name as string}`)),
  );
  if (found === undefined) throw new Error(`${address} has no boundary of the foundation`);
  return parsePolicy("boundary", decoded(found[1].policy as string));
}

const trusts = ({ assume_role_policy: trust }: Attributes, service: string): boolean =>
  parsePolicy("trust", decoded(trust as string)).some(({ principals }) =>
    principals.includes(`Service:${service}`),
  );
