// What the motion of a video is expected to be a frame later: what moved goes on moving alike, from where it has got to,
// and the less surely so the faster it was.
#pragma once

#include "kernels/video/dense_flow.h"

namespace autofocus {

// `before` and `flow` have one size, that of the flow of the pictures (dense_flow.h).
void carried_flow(ConstFlow before, Flow flow);

}  // namespace autofocus
