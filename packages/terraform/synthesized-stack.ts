import { Value } from "./value";

/** Attributes that hold the name by which AWS knows a resource, the first that is set. */
const NAMES = ["bucket", "function_name", "identifier", "name"];

/** A resource as Terraform reads it. */
export class Resource extends Value {
  constructor(
    readonly address: string,
    readonly type: string,
    raw: unknown,
  ) {
    super(raw);
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
    const types = this.json.at("resource");
    this.resources = types.keys.flatMap((type) =>
      types.at(type).keys.map((name) => new Resource(`${type}.${name}`, type, types.at(type).at(name).raw)),
    );
    this.moves = this.json.at("moved").list.map((moved) => ({
      from: moved.at("from").text,
      to: moved.at("to").text,
    }));
    this.providers = this.json.at("provider.aws").list;
  }

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

/** Addresses of resources that a text refers to. */
export function addressesIn(text: string): string[] {
  return [...text.matchAll(/(?<![\w.])aws_\w+\.[\w-]+/g)].map(([address]) => address);
}
