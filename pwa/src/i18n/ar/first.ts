/** What a person who reads Arabic gets before the first screen: its texts, and the server's answers by their codes. */
import { translating } from "../translating";
import answers from "./answers.json";
import texts from "./first.json";

export default {
  texts,
  translate: (isolated: (fact: string) => string) => translating(answers, isolated),
};
