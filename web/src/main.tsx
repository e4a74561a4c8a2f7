import "./style.css";
import { render } from "preact";
import { App } from "./app";
import { EmbedPage } from "./embed-page";
import { routeOf } from "./route";

const place = document.getElementById("app");
const route = routeOf(new URL(location.href));
if (place) render(route.view === "embed" ? <EmbedPage id={route.id} share={route.share} /> : <App />, place);
