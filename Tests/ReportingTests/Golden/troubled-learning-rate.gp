# Draws learning-rate.svg and learning-rate.png from learning-rate.tsv. In this folder: gnuplot -d learning-rate.gp
set encoding utf8
set datafile separator tab
set datafile missing 'NaN'
unset key
set border 3 linecolor rgb '#59636e' linewidth 1
set tics nomirror out scale 0.6 textcolor rgb '#59636e'
set grid ytics linetype 1 linewidth 0.8 linecolor rgb '#dfe4ea'
set lmargin at screen 0.1132
set rmargin at screen 0.9066
set bmargin at screen 0.1435
set tmargin at screen 0.8739
set label 1 'Test loss against the learning rate' at screen 0.0184, 0.9478 left font ',17' textcolor rgb '#1f2328'
set xrange [-2.58379:-0.939085]
set xtics ('0.003' -2.52288, '0.01' -2, '0.03' -1.52288, '0.1' -1)
set yrange [0.0335988:0.282261]
set ytics ('0.05' 0.05, '0.10' 0.1, '0.15' 0.15, '0.20' 0.2, '0.25' 0.25)
f(x) = x
g(x) = x > 0 ? log10(x) : NaN
set xlabel 'learning rate, logarithmic' textcolor rgb '#59636e' offset 0,0.2
set label 100000 'test loss (nats)' at screen 0.0263, graph 0.5 center rotate textcolor rgb '#59636e'
set label 2 'valid' at graph 1.018, graph 0.2505 left textcolor rgb '#0072b2'
set label 3 'same' at graph 1.018, graph 0.1362 left textcolor rgb '#d55e00'
set label 4 'full' at graph 1.018, graph 0.0796 left textcolor rgb '#009e73'
set label 5 '▲' at graph 0.9630, graph 0.985 center front font ',10' textcolor rgb '#0072b2'
set label 6 '▲' at graph 0.9630, graph 0.945 center front font ',10' textcolor rgb '#d55e00'

set terminal svg size 760,460 dynamic noenhanced font 'sans-serif,15' background '#ffffff'
set output 'learning-rate.svg'
plot \
  'learning-rate.tsv' index 0 using (g($1)):(f($3)):(f($4)) with filledcurves linecolor rgb '#0072b2' fillstyle transparent solid 0.18 noborder, \
  'learning-rate.tsv' index 1 using (g($1)):(f($3)):(f($4)) with filledcurves linecolor rgb '#d55e00' fillstyle transparent solid 0.18 noborder, \
  'learning-rate.tsv' index 2 using (g($1)):(f($3)):(f($4)) with filledcurves linecolor rgb '#009e73' fillstyle transparent solid 0.18 noborder, \
  'learning-rate.tsv' index 0 using (g($1)):(f($2)) with linespoints pointtype 7 pointsize 0.6 linewidth 2.2 linecolor rgb '#0072b2', \
  'learning-rate.tsv' index 1 using (g($1)):(f($2)) with linespoints pointtype 7 pointsize 0.6 linewidth 2.2 linecolor rgb '#d55e00', \
  'learning-rate.tsv' index 2 using (g($1)):(f($2)) with linespoints pointtype 7 pointsize 0.6 linewidth 2.2 linecolor rgb '#009e73'
unset output

set terminal pngcairo size 1520,920 noenhanced font 'sans-serif,11.3' fontscale 2 linewidth 2 pointscale 2 background '#ffffff'
set output 'learning-rate.png'
replot
unset output
