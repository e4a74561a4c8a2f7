import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Value } from "./value";

/** Attributes of a resource as synthesized. */
export type Attributes = Readonly<Record<string, unknown>>;

/** Attributes that hold the name by which AWS knows a resource, the first that is set. */
const NAMES = ["bucket", "function_name", "identifier", "name"];

/** A resource as Terraform reads it. */
export class Resource extends Value {
  constructor(
    readonly type: string,
    readonly name: string,
    raw: unknown,
  ) {
    super(raw);
  }

  /** Such as `aws_sqs_queue.media`. */
  get address(): string {
    return `${this.type}.${this.name}`;
  }

  /** Where the construct is in the tree: `my-stack/media-queue/Default`. */
  get path(): string {
    return this.at("//.metadata.path").text;
  }

  /** Whether a text means this resource: refers to it, names it, or is its ARN. */
  isMeantBy(text: string): boolean {
    if (addressesIn(text).includes(this.address)) return true;
    const name = NAMES.map((key) => this.at(key).text).find((value) => value !== "");
    return name !== undefined && (text === name || (text.startsWith("arn:") && text.endsWith(`:${name}`)));
  }
}

/** Where a stack's state is, when S3 holds it. */
export interface S3Backend {
  readonly bucket: string;
  readonly key: string;
  readonly region: string;
}

/** The synthesized JSON of one stack. */
export class Stack {
  readonly resources: readonly Resource[];
  /** Each `moved` block. */
  readonly moves: readonly { readonly from: string; readonly to: string }[];
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
    this.providers = this.json.at("provider.aws").list;
  }

  /** Where its state is; undefined when that is not in S3. */
  get s3Backend(): S3Backend | undefined {
    const backend = this.json.at("terraform.backend.s3");
    if (!backend.exists) return undefined;
    return {
      bucket: backend.at("bucket").text,
      key: backend.at("key").text,
      region: backend.at("region").text,
    };
  }

  /** The attributes of the resources of a type, by their names in Terraform. */
  attributesOf(type: string): [name: string, attributes: Attributes][] {
    return this.of(type).map(({ name, raw }) => [name, raw as Attributes]);
  }

  /** The attributes of a resource; undefined where there is none. */
  attributes(type: string, name: string): Attributes | undefined {
    return this.of(type).find((resource) => resource.name === name)?.raw as Attributes | undefined;
  }

  /** Resources of these types. */
  of(...types: string[]): Resource[] {
    return this.resources.filter(({ type }) => types.includes(type));
  }

  /** The resource of a type that a text means. */
  meant(type: string, text: string): Resource | undefined {
    return this.of(type).find((resource) => resource.isMeantBy(text));
  }

  /** Resources of a type whose attribute means a resource: the policies of a bucket. */
  pointing(type: string, attribute: string, to: Resource): Resource[] {
    return this.of(type).filter((resource) =>
      resource.at(attribute).texts.some((text) => to.isMeantBy(text)),
    );
  }

  /** The function that an ARN means, also through its alias. */
  functionMeant(text: string): Resource | undefined {
    const alias = this.meant("aws_lambda_alias", text);
    return this.meant("aws_lambda_function", alias?.at("function_name").text ?? text);
  }

  /** The region that a resource is made in. */
  regionOf(resource: Resource): string {
    const alias = /^aws\.(\w+)$/.exec(resource.at("provider").text)?.[1] ?? "";
    return this.providers.find((provider) => provider.at("alias").text === alias)?.at("region").text ?? "";
  }
}

/** The name within a reference: `${aws_security_group.media.id}` is `media`. */
export function referencedName(value: unknown): string | undefined {
  return typeof value === "string" ? /^\$\{\w+\.(\w+)\.\w+\}$/.exec(value)?.[1] : undefined;
}

/** Addresses of resources that a text refers to. */
export function addressesIn(text: string): string[] {
  return [...text.matchAll(/(?<![\w.])aws_\w+\.[\w-]+/g)].map(([address]) => address);
}

/** Every stack below a folder that CDKTF wrote, in the order of their names. Throws where there is none. */
export function readStacks(outdir: string): Stack[] {
  const folder = join(outdir, "stacks");
  return readdirSync(folder)
    .sort()
    .map((name) => new Stack(name, readSynthesized(join(folder, name))));
}

/** What `cdk.tf.json` of a stack's folder holds. */
export function readSynthesized(folder: string): unknown {
  return JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8"));
}
