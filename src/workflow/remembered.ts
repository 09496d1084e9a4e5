/** Answers about names, kept: a file asks the same of the same few names over and over. Changes speed, never a result. */

/** More names than a repository has; beyond it the oldest answers are not worth their memory. */
const most = 20_000;

/** The function with its answers kept. In: a function of a text alone, whose answer nobody changes. */
export function remembered<T>(answer: (name: string) => T): (name: string) => T {
  const known = new Map<string, T>();
  return (name) => {
    let value = known.get(name);
    if (value === undefined) {
      if (known.size >= most) known.clear();
      value = answer(name);
      known.set(name, value);
    }
    return value;
  };
}
