/** A type with its possibly undefined fields as optional fields. */
type Defined<Fields> = {
  [Name in keyof Fields as undefined extends Fields[Name] ? never : Name]: Fields[Name];
} & {
  [Name in keyof Fields as undefined extends Fields[Name] ? Name : never]?: Exclude<Fields[Name], undefined>;
};

/**
 * The fields that are not undefined, for types that reject undefined fields: `new LambdaFunction(this, "Default", {
 * ...optional({ reservedConcurrentExecutions }), … })`.
 */
export function optional<Fields extends object>(fields: Fields): Defined<Fields> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Defined<Fields>;
}
