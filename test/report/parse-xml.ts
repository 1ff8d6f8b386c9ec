/** A parser that is not ours and takes nothing but well-formed XML: expat, as Python has it. */

import { execa } from 'execa';

export interface Element {
  tag: string;
  attributes: Record<string, string>;
  text: string;
  children: Element[];
}

const SCRIPT = `
import json, sys
from xml.etree import ElementTree

def plain(element):
    children = [plain(child) for child in element]
    return {"tag": element.tag, "attributes": element.attrib, "text": element.text or "", "children": children}

json.dump(plain(ElementTree.fromstring(sys.stdin.buffer.read())), sys.stdout)
`;

/** Throws with expat's own message for what is not XML. */
export async function parseXml(xml: string): Promise<Element> {
  const { stdout } = await execa('python3', ['-c', SCRIPT], { input: xml });
  return JSON.parse(stdout) as Element;
}
