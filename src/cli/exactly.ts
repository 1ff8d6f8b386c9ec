/** A value's type held to a declared one in depth: a field that is not declared, however deep, is an error of types. */

/** `Given` where each of its fields is one of `Declared`'s; `never` in the place of any other. */
export type Exactly<Given, Declared> = unknown extends Declared
  ? Given
  : Given extends readonly (infer Item)[]
    ? readonly Exactly<Item, ItemOf<Declared>>[]
    : Given extends object
      ? { [Key in keyof Given]: Key extends KeyOf<Declared> ? Exactly<Given[Key], ValueOf<Declared, Key>> : never }
      : Given;

type ItemOf<Declared> = Declared extends readonly (infer Item)[] ? Item : never;

/** Of each member of a union. */
type KeyOf<Declared> = Declared extends object ? keyof Declared : never;

type ValueOf<Declared, Key> = Declared extends object ? (Key extends keyof Declared ? Declared[Key] : never) : never;
