/** The part of a synthesized stack that is used here. */
export interface WithProviders {
  readonly provider: { readonly aws: readonly { readonly alias?: string }[] };
  /** Data sources by type and name. */
  readonly data?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
}

/** Provider settings without credentials and account lookup. */
const offline = {
  region: "us-east-1",
  access_key: "none",
  secret_key: "none",
  skip_credentials_validation: true,
  skip_metadata_api_check: true,
  skip_requesting_account_id: true,
  allowed_account_ids: null,
};

/**
 * An override that plans a stack without AWS and with local state: write it next to the stack as `*_override.tf.json`
 * and plan with `-refresh=false`. It only has the stack's providers, because Terraform rejects overrides of others. What
 * data sources would read is known after apply.
 */
export function offlineOverride({ provider, data }: WithProviders): object {
  const aws = provider.aws.map(({ alias }) => ({ ...offline, alias }));
  const deferred = data && mapped(data, (named) => mapped(named, unread));
  return { terraform: { backend: { local: {} } }, provider: { aws }, data: deferred };
}

/** Terraform defers a data source with unknown arguments, and `timestamp()` is unknown in a plan. */
function unread(attributes: Readonly<Record<string, unknown>>): Record<string, string> {
  const names = Object.keys(attributes).filter((name) => name !== "//" && name !== "provider");
  return Object.fromEntries(names.map((name) => [name, "${timestamp()}"]));
}

function mapped<From, To>(values: Readonly<Record<string, From>>, to: (value: From) => To) {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, to(value)]));
}
