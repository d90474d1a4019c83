/** Short forms of the DOM calls that the page makes. */

/** Returns the element with this id. Throws if `index.html` has none. */
export function elementById(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`index.html has no element #${id}`);
  return element;
}

/** Returns a new element. The text is inserted as text, never as HTML: push messages may contain markup. */
export function createElement(tag: string, className: string, text = ''): HTMLElement {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}

/** Returns a list item that holds the element. */
export function listItem(content: HTMLElement): HTMLElement {
  const item = document.createElement('li');
  item.append(content);
  return item;
}
