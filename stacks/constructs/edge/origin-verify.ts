/**
 * Header by which the region knows requests of our own distribution: CloudFront sets it on the way to the API and the
 * load balancer, over whatever a viewer sent, and the region's web ACL refuses requests without it.
 *
 * Its value is the id of a resource, which AWS made up and viewers never see: no secret, so the state may hold it.
 */
export const ORIGIN_VERIFY_HEADER = "x-streamflow-edge";
