/** Optional properties under `exactOptionalPropertyTypes`: an absent value must be an absent property, not undefined. */

type Defined<Properties> = { [Name in keyof Properties]?: Exclude<Properties[Name], undefined> };

/** Returns the properties that are not undefined, to be spread: `{ a, ...defined({ b }) }`. */
export function defined<Properties extends object>(properties: Properties): Defined<Properties> {
  return Object.fromEntries(
    Object.entries(properties).filter(([, value]) => value !== undefined),
  ) as Defined<Properties>;
}
