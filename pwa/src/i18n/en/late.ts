/** All texts of the screens that come when they are first opened, an area of the product a file. */
import screens from "./screens.json";

export default { ...screens };
