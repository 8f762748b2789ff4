// The measures themselves; each file beside this one says what its measures compute. Windows have one channel.
#pragma once

#include "kernels/image_view.h"

namespace autofocus::focus {

double absolute_gradient(ConstImageF32 window);
double squared_gradient(ConstImageF32 window);
double brenner(ConstImageF32 window);
double autocorrelation(ConstImageF32 window);
double laplacian_energy(ConstImageF32 window);
double tenengrad(ConstImageF32 window);
double variance(ConstImageF32 window);
double normalised_variance(ConstImageF32 window);
double entropy(ConstImageF32 window);
double histogram_range(ConstImageF32 window);
double dct_energy_ratio(ConstImageF32 window);
double edge_width(ConstImageF32 window);

}  // namespace autofocus::focus
