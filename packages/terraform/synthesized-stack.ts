import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Value } from "./value";

/** Attributes of a synthesized resource. */
export type Attributes = Readonly<Record<string, unknown>>;

/** Attributes with a resource's physical name; the first that is set counts. */
const NAMES = ["bucket", "function_name", "identifier", "name"];

/** A synthesized resource. */
export class Resource extends Value {
  constructor(
    readonly type: string,
    readonly name: string,
    raw: unknown,
  ) {
    super(raw);
  }

  /** Address, such as `aws_sqs_queue.media`. */
  get address(): string {
    return `${this.type}.${this.name}`;
  }

  /** Construct path: `my-stack/media-queue/Default`. */
  get path(): string {
    return this.at("//.metadata.path").text;
  }

  /** Whether a text refers to this resource, by reference, name or ARN. */
  isMeantBy(text: string): boolean {
    if (addressesIn(text).includes(this.address)) return true;
    const name = NAMES.map((key) => this.at(key).text).find((value) => value !== "");
    return name !== undefined && (text === name || (text.startsWith("arn:") && text.endsWith(`:${name}`)));
  }
}

/** Location of a state in S3. */
export interface S3Backend {
  readonly bucket: string;
  readonly key: string;
  readonly region: string;
}

/** The synthesized JSON of one stack. */
export class Stack {
  readonly resources: readonly Resource[];
  /** All `moved` blocks. */
  readonly moves: readonly { readonly from: string; readonly to: string }[];
  /** Addresses of the `removed` blocks that Terraform forgets and does not destroy. */
  readonly forgotten: ReadonlySet<string>;
  readonly providers: readonly Value[];
  readonly json: Value;

  constructor(
    readonly name: string,
    json: unknown,
  ) {
    this.json = new Value(json);
    const types = (this.json.at("resource").raw ?? {}) as Readonly<
      Record<string, Readonly<Record<string, unknown>>>
    >;
    this.resources = Object.entries(types).flatMap(([type, named]) =>
      Object.entries(named).map(([name, raw]) => new Resource(type, name, raw)),
    );
    this.moves = this.json.at("moved").list.map((moved) => ({
      from: moved.at("from").text,
      to: moved.at("to").text,
    }));
    this.forgotten = new Set(
      this.json
        .at("removed")
        .list.filter((removed) => removed.at("lifecycle.destroy").raw === false)
        .map((removed) => removed.at("from").text),
    );
    this.providers = this.json.at("provider.aws").list;
  }

  /** Location of its state; undefined if not in S3. */
  get s3Backend(): S3Backend | undefined {
    const backend = this.json.at("terraform.backend.s3");
    if (!backend.exists) return undefined;
    return {
      bucket: backend.at("bucket").text,
      key: backend.at("key").text,
      region: backend.at("region").text,
    };
  }

  /** Attributes of all resources of a type, with their Terraform names. */
  attributesOf(type: string): [name: string, attributes: Attributes][] {
    return this.of(type).map(({ name, raw }) => [name, raw as Attributes]);
  }

  /** Attributes of a resource; undefined if it does not exist. */
  attributes(type: string, name: string): Attributes | undefined {
    return this.of(type).find((resource) => resource.name === name)?.raw as Attributes | undefined;
  }

  /** All resources of these types. */
  of(...types: string[]): Resource[] {
    return this.resources.filter(({ type }) => types.includes(type));
  }

  /** The resource of a type that a text refers to. */
  meant(type: string, text: string): Resource | undefined {
    return this.of(type).find((resource) => resource.isMeantBy(text));
  }

  /** Resources of a type whose attribute refers to a resource, such as policies of a bucket. */
  pointing(type: string, attribute: string, to: Resource): Resource[] {
    return this.of(type).filter((resource) =>
      resource.at(attribute).texts.some((text) => to.isMeantBy(text)),
    );
  }

  /** Addresses of all resources that Terraform creates before this one: its references and `depends_on`, and theirs. */
  dependencies(resource: Resource): ReadonlySet<string> {
    const byAddress = new Map(this.resources.map((one) => [one.address, one]));
    const found = new Set<string>();
    const waiting = [resource];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      for (const address of addressesIn(JSON.stringify(next.raw))) {
        const other = byAddress.get(address);
        if (other === undefined || found.has(address)) continue;
        found.add(address);
        waiting.push(other);
      }
    }
    return found;
  }

  /** The function that an ARN refers to, also by an alias. */
  functionMeant(text: string): Resource | undefined {
    const alias = this.meant("aws_lambda_alias", text);
    return this.meant("aws_lambda_function", alias?.at("function_name").text ?? text);
  }

  /** Region of a resource or data source. */
  regionOf(resource: Value): string {
    const alias = /^aws\.(\w+)$/.exec(resource.at("provider").text)?.[1] ?? "";
    return this.providers.find((provider) => provider.at("alias").text === alias)?.at("region").text ?? "";
  }
}

/** Name in a reference: `media` for `${aws_security_group.media.id}`. */
export function referencedName(value: unknown): string | undefined {
  return typeof value === "string" ? /^\$\{\w+\.(\w+)\.\w+\}$/.exec(value)?.[1] : undefined;
}

/** Addresses of resources that a text refers to. */
export function addressesIn(text: string): string[] {
  return [...text.matchAll(/(?<![\w.])aws_\w+\.[\w-]+/g)].map(([address]) => address);
}

/** All stacks in CDKTF's output folder, sorted by name. Throws if there are none. */
export function readStacks(outdir: string): Stack[] {
  const folder = join(outdir, "stacks");
  return readdirSync(folder)
    .sort()
    .map((name) => new Stack(name, readSynthesized(join(folder, name))));
}

/** Content of `cdk.tf.json` in a stack's folder. */
export function readSynthesized(folder: string): unknown {
  return JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8"));
}
