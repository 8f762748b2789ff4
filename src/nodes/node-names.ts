/** The nodes of this package, in the order in which a process starts them: what drives devices first, as it ends last. */
export const NODE_NAMES = ["motor_driver", "camera_driver", "autofocus", "focus_strategy", "fusion"] as const;
export type NodeName = (typeof NODE_NAMES)[number];
