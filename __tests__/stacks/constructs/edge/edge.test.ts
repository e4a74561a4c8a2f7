import { OPERATIONS } from "../../../../handlers/media/operations";
import { HEADERS_POLICIES } from "../../../../stacks/constructs/edge/edge-policies";
import { decoded, synthEnvironment } from "../../../support/synth";
import { testEnvironments } from "../../../support/test-environments";

interface Behavior {
  readonly path_pattern: string;
  readonly target_origin_id: string;
  readonly allowed_methods: readonly string[];
  readonly trusted_key_groups?: readonly string[];
  readonly origin_request_policy_id?: string;
  readonly viewer_protocol_policy: string;
  readonly response_headers_policy_id: string;
}

const plain = synthEnvironment("dev");
const distribution = plain.at("aws_cloudfront_distribution.edge");
const behaviors = distribution.ordered_cache_behavior as Behavior[];
const behaviorOf = (path: string): Behavior | undefined =>
  behaviors.find(({ path_pattern }) => path_pattern === path);

test.each([
  ["/api/*", "api"],
  ["/v/*", "links"],
  ["/embed/*", "app"],
  ["/events/*", "events"],
  ["/static/*", "static"],
  ["/stream/*", "stream"],
])("%s goes to the origin %s, by HTTPS", (path, origin) => {
  expect(behaviorOf(path)).toMatchObject({
    target_origin_id: origin,
    viewer_protocol_policy: "redirect-to-https",
  });
  const ids = (distribution.origin as { origin_id: string }[]).map(({ origin_id }) => origin_id);
  expect(ids).toContain(origin);
});

test("all other paths go to the app", () => {
  expect(distribution.default_cache_behavior.target_origin_id).toBe("app");
});

test("only streams require a signed cookie", () => {
  const guarded = behaviors.filter(({ trusted_key_groups }) => (trusted_key_groups ?? []).length > 0);
  expect(guarded.map(({ path_pattern }) => path_pattern)).toEqual(["/stream/*"]);
  expect(plain.at("aws_cloudfront_key_group.edge_playback_keys").items).toHaveLength(1);
});

test("the API, links and events are not cached", () => {
  for (const path of ["/api/*", "/v/*", "/events/*"]) {
    expect(behaviorOf(path)).toHaveProperty("cache_policy_id", "4135ea2d-6df8-44a3-9df3-4b5a84be39ad");
  }
});

test("only the API accepts methods that write", () => {
  const all = [...behaviors, distribution.default_cache_behavior as Behavior];
  const written = all.filter(({ allowed_methods: methods }) =>
    methods.some((method) => !["GET", "HEAD", "OPTIONS"].includes(method)),
  );
  expect(written.map(({ path_pattern: path }) => path)).toEqual(["/api/*/playback", "/api/*"]);
});

test("the API and events get everything of a viewer but cookies, with which CloudFront supports no ETag", () => {
  const policy = "${aws_cloudfront_origin_request_policy.edge_policies_without_cookies.id}";
  for (const path of ["/api/*", "/events/*"]) {
    expect(behaviorOf(path)).toMatchObject({
      origin_request_policy_id: policy,
      allowed_methods: expect.arrayContaining(["HEAD"]) as unknown,
    });
  }
  expect(plain.at("aws_cloudfront_origin_request_policy.edge_policies_without_cookies")).toMatchObject({
    cookies_config: { cookie_behavior: "none" },
    headers_config: { header_behavior: "allExcept", headers: { items: ["Host"] } },
    query_strings_config: { query_string_behavior: "all" },
  });
});

test("an environment has as many response headers policies as npm run doctor counts", () => {
  expect(plain.of("aws_cloudfront_response_headers_policy")).toHaveLength(HEADERS_POLICIES);
});

test("answers that set cookies come from paths where CloudFront leaves them in", () => {
  const patterns = (distribution.ordered_cache_behavior as Behavior[]).map(({ path_pattern: path }) => path);
  expect(patterns.indexOf("/api/*/playback")).toBeLessThan(patterns.indexOf("/api/*"));
  // AllViewerExceptHostHeader, which forwards cookies.
  expect(behaviorOf("/api/*/playback")).toMatchObject({
    target_origin_id: "api",
    origin_request_policy_id: "b689b0a8-53d0-40ab-baf2-68738e2966ac",
  });
  const setting = Object.entries(OPERATIONS).filter(([, operation]) => "cookies" in operation);
  expect(setting.length).toBeGreaterThan(1);
  for (const [operation] of setting) expect(operation).toMatch(/^\w+ \/.*\/playback$/);
});

test("links are answered by the API's stage, with the header by which it knows the edge", () => {
  const origins = distribution.origin as { origin_id: string; origin_path?: string }[];
  const of = (id: string) => origins.find(({ origin_id }) => origin_id === id);
  const stage = `/${plain.at("aws_api_gateway_stage.api_stage").stage_name as string}`;
  expect(of("links")).toEqual({ ...of("api"), origin_id: "links", origin_path: stage });
});

test.each(["static", "streams"])("only this distribution reads the bucket %s", (bucket) => {
  const { Statement } = decoded(plain.at(`aws_s3_bucket_policy.storage_${bucket}_policy`).policy as string);
  expect(Statement).toContainEqual(
    expect.objectContaining({
      Principal: { Service: "cloudfront.amazonaws.com" },
      Action: "s3:GetObject",
      Condition: { StringEquals: { "AWS:SourceArn": "${aws_cloudfront_distribution.edge.arn}" } },
    }),
  );
});

test("the log bucket has the statement that AWS would append for the log delivery of CloudFront", () => {
  const { name } = plain.at("aws_cloudwatch_log_delivery_source.edge_logs_source");
  const { delivery_destination_configuration: destination } = plain.at(
    "aws_cloudwatch_log_delivery_destination.edge_logs_destination",
  );
  const { Statement } = decoded(plain.at("aws_s3_bucket_policy.storage_logs_policy").policy as string);
  expect(Statement).toContainEqual({
    Sid: "AWSLogDeliveryWrite1",
    Effect: "Allow",
    Principal: { Service: "delivery.logs.amazonaws.com" },
    Action: "s3:PutObject",
    Resource: `${destination[0].destination_resource_arn}/*`,
    Condition: {
      StringEquals: { "aws:SourceAccount": "111111111111", "s3:x-amz-acl": "bucket-owner-full-control" },
      ArnLike: { "aws:SourceArn": `arn:aws:logs:us-east-1:111111111111:delivery-source:${name}` },
    },
  });
});

test("the access log has neither cookies nor tokens, which are in the query and the referer", () => {
  const { record_fields: fields } = plain.at("aws_cloudwatch_log_delivery.edge_logs");
  expect(fields).toHaveLength(30);
  expect(fields).toContain("cs-uri-stem");
  expect(fields).not.toContain("cs-uri-query");
  expect(fields.join()).not.toMatch(/cookie|referer/i);
});

test("answers carry security headers", () => {
  const { security_headers_config: headers } = plain.at(
    "aws_cloudfront_response_headers_policy.edge_policies_secure_headers",
  );
  expect(headers.strict_transport_security.access_control_max_age_sec).toBe(31_536_000);
  expect(headers.frame_options.frame_option).toBe("DENY");
  expect(headers.content_security_policy.content_security_policy).toContain("default-src 'self'");
});

test("the page is not cached, so that it never refers to files of an earlier build", () => {
  const { default_cache_behavior: page } = distribution;
  expect(page.cache_policy_id).toBe("4135ea2d-6df8-44a3-9df3-4b5a84be39ad");
  expect(page.response_headers_policy_id).toBe(
    "${aws_cloudfront_response_headers_policy.edge_policies_page_headers.id}",
  );
  const headers = plain.at("aws_cloudfront_response_headers_policy.edge_policies_page_headers");
  expect(headers.custom_headers_config.items).toEqual([
    { header: "Cache-Control", value: "no-cache", override: true },
  ]);
  expect(headers.security_headers_config.frame_options.frame_option).toBe("DENY");
});

/** Behaviours whose responses other sites may show in frames, of headers policies by reference. */
function framed(
  policies: Readonly<Record<string, { frame_options?: object; content_security_policy: object }>>,
): string[] {
  const all = [...behaviors, { ...(distribution.default_cache_behavior as Behavior), path_pattern: "*" }];
  const refuses = ({ response_headers_policy_id: id }: Behavior): boolean => {
    const headers = policies[id];
    return (
      headers?.frame_options !== undefined &&
      JSON.stringify(headers.content_security_policy).includes("frame-ancestors 'none'")
    );
  };
  return all.filter((behavior) => !refuses(behavior)).map(({ path_pattern: path }) => path);
}

test("only the embedded player is shown in frames of other sites, and is as careful else", () => {
  const name = "aws_cloudfront_response_headers_policy.edge_policies";
  const policies = Object.fromEntries(
    ["secure", "page", "frame"].map((kind) => {
      const { security_headers_config: headers } = plain.at(`${name}_${kind}_headers`);
      return [`\${${name}_${kind}_headers.id}`, headers];
    }),
  );
  expect(framed(policies)).toEqual(["/embed/*"]);
  expect(framed({})).toContain("*");
  const { content_security_policy: policy, ...others } = policies[`\${${name}_frame_headers.id}`];
  const { content_security_policy: unframed, ...closed } = policies[`\${${name}_page_headers.id}`];
  expect(closed).toMatchObject(others);
  expect(Object.keys(closed).filter((header) => !(header in others))).toEqual(["frame_options"]);
  expect(policy.content_security_policy).toBe(
    unframed.content_security_policy.replace("frame-ancestors 'none'", "frame-ancestors *"),
  );
});

test("without a hosted zone it has CloudFront's name, and makes no certificate and no record", () => {
  expect(distribution.viewer_certificate.cloudfront_default_certificate).toBe(true);
  expect(distribution).not.toHaveProperty("aliases");
  expect(plain.of("aws_acm_certificate")).toEqual([]);
  expect(plain.of("aws_route53_record")).toEqual([]);
});

describe("with a hosted zone", () => {
  const named = synthEnvironment("dev", { dns: { kind: "route53", hostedZoneId: "Z0123456789" } });

  test("has the domain, by a certificate of us-east-1", () => {
    expect(named.at("aws_cloudfront_distribution.edge")).toMatchObject({
      aliases: ["dev.streamflow.com"],
      viewer_certificate: { minimum_protocol_version: "TLSv1.2_2021", ssl_support_method: "sni-only" },
    });
    expect(named.at("aws_acm_certificate.address_edge_certificate").provider).toBe("aws.us_east_1");
    expect(named.at("aws_acm_certificate.address_origin_certificate")).not.toHaveProperty("provider");
  });

  test("calls the load balancer by HTTPS, under a name of its certificate", () => {
    const origins = named.at("aws_cloudfront_distribution.edge").origin as {
      origin_id: string;
      domain_name: string;
      custom_origin_config: { origin_protocol_policy: string };
    }[];
    const events = origins.find(({ origin_id }) => origin_id === "events");
    expect(events?.domain_name).toBe("origin.dev.streamflow.com");
    expect(events?.custom_origin_config.origin_protocol_policy).toBe("https-only");
    expect(named.at("aws_acm_certificate.address_origin_certificate").domain_name).toBe(
      "origin.dev.streamflow.com",
    );
  });

  test("leads the domain to CloudFront, by IPv4 and IPv6", () => {
    const types = named
      .of("aws_route53_record")
      .filter(({ name }) => name === "dev.streamflow.com")
      .map(({ type }) => type);
    expect(types.sort()).toEqual(["A", "AAAA"]);
  });
});

test("with certificates of another DNS, uses them and creates no records", () => {
  const arn = (id: number): string =>
    `arn:aws:acm:us-east-1:111111111111:certificate/12345678-1234-1234-1234-12345678901${id}`;
  const foreign = synthEnvironment("dev", {
    dns: { kind: "certificates", edgeCertificateArn: arn(1), originCertificateArn: arn(2) },
  });
  const distribution = foreign.at("aws_cloudfront_distribution.edge");
  expect(distribution.aliases).toEqual(["dev.streamflow.com"]);
  expect(distribution.viewer_certificate.acm_certificate_arn).toBe(arn(1));
  expect(foreign.of("aws_lb_listener").map(({ certificate_arn }) => certificate_arn)).toContain(arn(2));
  expect(distribution.origin).toEqual(
    expect.arrayContaining([expect.objectContaining({ domain_name: "origin.dev.streamflow.com" })]),
  );
  expect(foreign.of("aws_acm_certificate")).toEqual([]);
  expect(foreign.of("aws_route53_record")).toEqual([]);
});

describe.each(testEnvironments.map(({ name, firewall }) => [name, firewall.edge === true] as const))(
  "the edge of %s",
  (name, hasFirewall) => {
    const stack = synthEnvironment(name);

    test(`${hasFirewall ? "has" : "has no"} web ACL in us-east-1`, () => {
      const edge = stack.of("aws_wafv2_web_acl").filter(({ scope }) => scope === "CLOUDFRONT");
      expect(edge.map(({ provider }) => provider)).toEqual(hasFirewall ? ["aws.us_east_1"] : []);
      expect(stack.at("aws_cloudfront_distribution.edge").web_acl_id).toBe(
        hasFirewall ? "${aws_wafv2_web_acl.edge_firewall.arn}" : undefined,
      );
    });

    test("the region's web ACL protects the API and the load balancer", () => {
      const protectedOnes = stack.of("aws_wafv2_web_acl_association").map(({ resource_arn }) => resource_arn);
      expect(protectedOnes.sort()).toEqual([
        "${aws_api_gateway_stage.api_stage.arn}",
        "${aws_lb.balancer.arn}",
      ]);
    });
  },
);
