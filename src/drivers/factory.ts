/** Drivers by name and settings, as parameters and command lines give them. */
import { readPicture, toEightBit } from "../io/picture.ts";
