/**
 * Header that identifies requests from our distribution. CloudFront adds it for the API and the load balancer,
 * replacing viewers' values, and the regional web ACL blocks requests without it. Its value is the id of a resource
 * that viewers never see; it is not a secret, so the state may contain it.
 */
export const ORIGIN_VERIFY_HEADER = "x-streamflow-edge";
