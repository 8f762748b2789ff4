// Contrast measures by name (src/algorithms/focus-measure/names.ts): one number for a window, larger is sharper.
//
// Surveys with the formulas: A. Santos et al., Evaluation of autofocus functions in molecular cytogenetic analysis,
// J. Microscopy 188 (1997); Y. Sun, S. Duthaler, B. J. Nelson, Autofocusing in computer microscopy, Microscopy Research
// and Technique 65 (2004).
//
// Values are taken on the scale 0..1 and sums are divided by the number of pixels in them, so that a measure does not
// depend on the depth of the picture nor on the size of the window. Where the literature differentiates along rows
// only, columns are added: a window may hold edges of one direction. A window too small for a measure gives 0.
#pragma once

#include <string>

#include "kernels/image_view.h"

namespace autofocus {

using FocusMeasure = double (*)(ConstImageF32 window);

// Null when there is none of that name.
FocusMeasure find_focus_measure(const std::string& name);

// The measure of the part `roi` of a picture of one channel.
double focus_measure(FocusMeasure measure, ConstImageU8 gray, Roi roi);
double focus_measure(FocusMeasure measure, ConstImageF32 gray, Roi roi);

}  // namespace autofocus
