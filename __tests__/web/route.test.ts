import { routeOf } from "../../web/src/route";

const id = "3f0d8f6e-5a53-4a5e-9a43-0d6c1c1f0a01";
const nothing = "00000000-0000-0000-0000-000000000000";
const shown = (path: string) => routeOf(new URL(path, "https://streamflow.example"));

test.each([
  ["/", { view: "library" }],
  ["/videos", { view: "library" }],
  ["/videos/1", { view: "library" }],
  [`/videos/${id}`, { view: "video", id }],
  [`/videos/${id}/`, { view: "video", id }],
  [`/videos/${id.toUpperCase()}`, { view: "video", id }],
  [`/videos/${id}/more`, { view: "library" }],
  [`/#/videos/${id}`, { view: "video", id }],
  [`/#/videos/${id}/more`, { view: "library" }],
  [`/watch/${id}`, { view: "watch", id }],
  [`/watch/${id}/`, { view: "watch", id }],
  [`/watch/${id.toUpperCase()}?share=a%2Bb`, { view: "watch", id, share: "a+b" }],
  [`/watch/${id}?share=s#/videos/${nothing}`, { view: "watch", id, share: "s" }],
  [`/WATCH/${id}`, { view: "library" }],
])("%s shows %j", (path, route) => expect(shown(path)).toEqual(route));

// Other sites may frame what is there, so it is never anything but a player.
test.each([
  [`/embed/${id}`, { view: "embed", id }],
  [`/embed/${id.toUpperCase()}/?share=s`, { view: "embed", id, share: "s" }],
  ["/embed/", { view: "embed", id: nothing }],
  ["/embed/1", { view: "embed", id: nothing }],
  [`/embed/#/videos/${id}`, { view: "embed", id: nothing }],
  [`/embed/videos/${id}`, { view: "embed", id: nothing }],
])("%s shows only a player: %j", (path, route) => expect(shown(path)).toEqual(route));
