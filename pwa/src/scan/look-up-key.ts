/** What serial numbers are compared by: case, outer space and compatibility forms are ignored, as the server does. */
export const lookUpKey = (serialNo: string): string => serialNo.trim().normalize("NFKC").toLowerCase();
