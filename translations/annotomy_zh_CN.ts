<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN">
<context>
    <name>Errors</name>
    <message>
        <source>This</source>
        <translation>此项</translation>
    </message>
    <message>
        <source>You have no permission to use %1: ask for access, or choose another place.</source>
        <translation>您没有使用 %1 的权限：请申请访问权限，或选择其他位置。</translation>
    </message>
    <message>
        <source>The disk that holds %1 is full: free some space and try again; nothing that was saved is lost.</source>
        <translation>%1 所在的磁盘已满：请释放空间后重试；已保存的内容不会丢失。</translation>
    </message>
    <message>
        <source>%1 could not be read or written: check the disk or the network, then try again (%2).</source>
        <translation>无法读取或写入 %1：请检查磁盘或网络后重试（%2）。</translation>
    </message>
    <message>
        <source>There is no image in %1: choose a file, folder or ZIP archive with DICOM, NIfTI, NRRD or MetaImage images (%2).</source>
        <translation>%1 中没有图像：请选择包含 DICOM、NIfTI、NRRD 或 MetaImage 图像的文件、文件夹或 ZIP 压缩包（%2）。</translation>
    </message>
    <message>
        <source>%1 is not a file that Annotomy reads: it reads DICOM (SEG and RTSTRUCT, too), NIfTI, NRRD, MetaImage and ZIP archives of them.</source>
        <translation>Annotomy 无法读取 %1：支持的格式为 DICOM（包括 SEG 和 RTSTRUCT）、NIfTI、NRRD、MetaImage 及包含它们的 ZIP 压缩包。</translation>
    </message>
    <message>
        <source>%1 ends too early: copy or export it again from its source.</source>
        <translation>%1 不完整：请从来源重新复制或导出。</translation>
    </message>
    <message>
        <source>%1 is damaged or contradicts its own format: export it again from its source (%2).</source>
        <translation>%1 已损坏或不符合自身格式：请从来源重新导出（%2）。</translation>
    </message>
    <message>
        <source>%1 is of a kind that Annotomy does not handle (%2).</source>
        <translation>Annotomy 不支持 %1 这类文件（%2）。</translation>
    </message>
    <message>
        <source>%1 could not be read, because the reading program ended on it: leave this file out, or convert it with another program.</source>
        <translation>无法读取 %1，因为读取程序在处理它时意外终止：请排除此文件，或用其他程序转换。</translation>
    </message>
    <message>
        <source>%1 repeats what is there already: it was left out (%2).</source>
        <translation>%1 与已有内容重复：已略过（%2）。</translation>
    </message>
    <message>
        <source>%1 holds neither an image nor a mask: there is nothing to open in it (%2).</source>
        <translation>%1 既不含图像也不含掩膜：其中没有可打开的内容（%2）。</translation>
    </message>
    <message>
        <source>%1 is a mask and was not attached: attach it to the case of its image (%2).</source>
        <translation>%1 是掩膜，尚未附加：请将其附加到对应图像的病例（%2）。</translation>
    </message>
    <message>
        <source>%1 changed since it was recorded, or is damaged: restore it from a copy before using it.</source>
        <translation>%1 自登记后已被更改或已损坏：请先从备份恢复再使用。</translation>
    </message>
    <message>
        <source>%1 does not lie on the grid of the image: choose the mask that was made on this image (%2).</source>
        <translation>%1 与图像网格不一致：请选择在此图像上制作的掩膜（%2）。</translation>
    </message>
    <message>
        <source>%1 holds more than 255 segments: split it into several masks.</source>
        <translation>%1 包含超过 255 个分割区域：请拆分为多个掩膜。</translation>
    </message>
    <message>
        <source>There was not enough memory for %1: close other programs, or choose a smaller image or recipe.</source>
        <translation>内存不足，无法处理 %1：请关闭其他程序，或选择较小的图像或训练方案。</translation>
    </message>
    <message>
        <source>The model's program ended while it worked on %1: try again; a training can be resumed (%2).</source>
        <translation>模型程序在处理 %1 时意外终止：请重试；训练可以继续（%2）。</translation>
    </message>
    <message>
        <source>The model's program could not finish %1: %2</source>
        <translation>模型程序无法完成 %1：%2</translation>
    </message>
    <message>
        <source>The workspace %1 was written by a later version of Annotomy: open it with that version.</source>
        <translation>工作区 %1 由更高版本的 Annotomy 写入：请用该版本打开。</translation>
    </message>
    <message>
        <source>The database of the workspace %1 is damaged: restore it from a backup copy (%2).</source>
        <translation>工作区 %1 的数据库已损坏：请从备份恢复（%2）。</translation>
    </message>
    <message>
        <source>The database of the workspace could not be used for %1: try again (%2).</source>
        <translation>无法使用工作区数据库处理 %1：请重试（%2）。</translation>
    </message>
    <message>
        <source>The case %1 is open in another window or program: close it there first (%2).</source>
        <translation>病例 %1 已在其他窗口或程序中打开：请先在那里关闭（%2）。</translation>
    </message>
    <message>
        <source>%1 can only be read: open it where you may write (%2).</source>
        <translation>%1 为只读：请在有写入权限的位置打开（%2）。</translation>
    </message>
    <message>
        <source>%1 is not possible as things stand: %2</source>
        <translation>目前无法执行 %1：%2</translation>
    </message>
    <message>
        <source>Cancelled; nothing was changed.</source>
        <translation>已取消；未作任何更改。</translation>
    </message>
    <message>
        <source>%1 is not a valid request: %2</source>
        <translation>%1 不是有效的请求：%2</translation>
    </message>
    <message>
        <source>%1 was not found: check its name, or point to where it is now (%2).</source>
        <translation>找不到 %1：请检查名称，或指定其当前位置（%2）。</translation>
    </message>
    <message>
        <source>%1 repeats what is there already: it was left out (%2).</source>
        <translation>%1 与已有内容重复：已略去（%2）。</translation>
    </message>
</context>
<context>
    <name>Main</name>
    <message>
        <source>Annotomy: annotate CT and MR studies with a learning model.</source>
        <translation>Annotomy：借助可学习的模型标注 CT 与 MR 检查。</translation>
    </message>
    <message>
        <source>The workspace folder.</source>
        <translation>工作区文件夹。</translation>
    </message>
    <message>
        <source>Print the number of every edit that the disk has confirmed.</source>
        <translation>打印每一步已写入磁盘的编辑的编号。</translation>
    </message>
    <message>
        <source>Perform the whole main job on synthetic studies first, then show it.</source>
        <translation>先在合成检查上完整演示主要流程，然后打开窗口显示结果。</translation>
    </message>
</context>
<context>
    <name>Segments</name>
    <message>
        <source>Segment %1</source>
        <translation>区域 %1</translation>
    </message>
    <message>
        <source>“%1” is locked: unlock it (L) to change it.</source>
        <translation>“%1”已锁定：解锁（L）后才能修改。</translation>
    </message>
</context>
<context>
    <name>Tools</name>
    <message>
        <source>Crosshair</source>
        <translation>十字线</translation>
    </message>
    <message>
        <source>Brush</source>
        <translation>画笔</translation>
    </message>
    <message>
        <source>Erase</source>
        <translation>擦除</translation>
    </message>
    <message>
        <source>Fill</source>
        <translation>填充</translation>
    </message>
    <message>
        <source>Threshold</source>
        <translation>阈值</translation>
    </message>
</context>
<context>
    <name>WindowPresets</name>
    <message>
        <source>Soft tissue</source>
        <translation>软组织</translation>
    </message>
    <message>
        <source>Lung</source>
        <translation>肺</translation>
    </message>
    <message>
        <source>Bone</source>
        <translation>骨</translation>
    </message>
    <message>
        <source>Brain</source>
        <translation>脑</translation>
    </message>
    <message>
        <source>Liver</source>
        <translation>肝</translation>
    </message>
</context>
<context>
    <name>annotomy::Actions</name>
    <message>
        <source>Tools</source>
        <translation>工具</translation>
    </message>
    <message>
        <source>Segments</source>
        <translation>分割区域</translation>
    </message>
    <message>
        <source>View</source>
        <translation>视图</translation>
    </message>
    <message>
        <source>Moving through the images</source>
        <translation>浏览图像</translation>
    </message>
    <message>
        <source>Case</source>
        <translation>病例</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>窗口</translation>
    </message>
</context>
<context>
    <name>annotomy::CaseChannels</name>
    <message>
        <source>Image</source>
        <translation>图像</translation>
    </message>
    <message>
        <source>Reading an image</source>
        <translation>正在读取图像</translation>
    </message>
    <message>
        <source>b-value</source>
        <translation>b 值</translation>
    </message>
    <message>
        <source>echo</source>
        <translation>回波</translation>
    </message>
    <message>
        <source>phase</source>
        <translation>时相</translation>
    </message>
    <message>
        <source>time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>trigger delay</source>
        <translation>触发延迟</translation>
    </message>
    <message>
        <source>volume</source>
        <translation>容积</translation>
    </message>
</context>
<context>
    <name>annotomy::CaseController</name>
    <message>
        <source>Accept or reject the model's proposal first: what you approve is your own mask.</source>
        <translation>请先接受或拒绝模型的建议：您批准的是您自己的标注。</translation>
    </message>
    <message>
        <source>Opening the study</source>
        <translation>正在打开检查</translation>
    </message>
    <message>
        <source>Opened for reading only: %1</source>
        <translation>以只读方式打开：%1</translation>
    </message>
    <message>
        <source>Saved as revision %1</source>
        <translation>已保存为修订版 %1</translation>
    </message>
    <message>
        <source>Approved by %1</source>
        <translation>由 %1 批准</translation>
    </message>
    <message>
        <source>Proposing</source>
        <translation>正在生成建议</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>not to be measured</source>
        <translation>不可测量</translation>
    </message>
    <message>
        <source>regularised grid</source>
        <translation>规则化网格</translation>
    </message>
</context>
<context>
    <name>annotomy::CaseListModel</name>
    <message>
        <source>rank %1 · %2</source>
        <translation>第 %1 位 · %2</translation>
    </message>
</context>
<context>
    <name>annotomy::CasePanel</name>
    <message>
        <source>Proposal of %1</source>
        <translation>%1 的建议</translation>
    </message>
    <message>
        <source>Reference %1</source>
        <translation>参考 %1</translation>
    </message>
    <message>
        <source>Approved %1, %2</source>
        <translation>已批准 %1，%2</translation>
    </message>
    <message>
        <source>Saved %1, %2</source>
        <translation>已保存 %1，%2</translation>
    </message>
    <message>
        <source>THIS CASE</source>
        <translation>本病例</translation>
    </message>
    <message>
        <source>Compare with</source>
        <translation>对比对象</translation>
    </message>
    <message>
        <source>What the present mask is compared with</source>
        <translation>当前掩膜与之对比的版本</translation>
    </message>
    <message>
        <source>Dice, mean of segments</source>
        <translation>Dice（各区域均值）</translation>
    </message>
    <message>
        <source>HD95, largest</source>
        <translation>HD95（最大值）</translation>
    </message>
    <message>
        <source>Changed</source>
        <translation>改动量</translation>
    </message>
    <message>
        <source>Compare with nothing</source>
        <translation>不对比</translation>
    </message>
    <message>
        <source>Measuring the mask</source>
        <translation>正在测量掩膜</translation>
    </message>
    <message>
        <source>1 stroke</source>
        <translation>1 笔</translation>
    </message>
    <message>
        <source>%1 strokes</source>
        <translation>%1 笔</translation>
    </message>
    <message>
        <source>What differs, and the strokes since the last sign-off</source>
        <translation>差异部分，以及自上次批准以来的笔画数</translation>
    </message>
    <message>
        <source>Not to be measured: volumes and distances are those of an approximate grid.</source>
        <translation>不可测量：体积和距离基于近似网格。</translation>
    </message>
    <message>
        <source>The slices were resampled onto an even grid.</source>
        <translation>各层已重采样到均匀网格。</translation>
    </message>
</context>
<context>
    <name>annotomy::CoreSentences</name>
    <message>
        <source>%1 file repeats slices that are there already; the copies are left out.</source>
        <translation>%1 个文件与已有层重复；重复者已略去。</translation>
    </message>
    <message>
        <source>%1 files repeat slices that are there already; the copies are left out.</source>
        <translation>%1 个文件与已有层重复；重复者已略去。</translation>
    </message>
    <message>
        <source>%1 has no image.</source>
        <translation>%1 没有对应图像。</translation>
    </message>
    <message>
        <source>%1 has no label.</source>
        <translation>%1 没有标签。</translation>
    </message>
    <message>
        <source>%1 is a channel that dataset.json does not name.</source>
        <translation>dataset.json 未列出通道 %1。</translation>
    </message>
    <message>
        <source>%1 is left out: %2 annotates the same series.</source>
        <translation>%1 已略去：%2 标注了同一序列。</translation>
    </message>
    <message>
        <source>%1 is left out: %2.</source>
        <translation>%1 已略去：%2。</translation>
    </message>
    <message>
        <source>%1 is left out: the case has its mask from %2.</source>
        <translation>%1 已略去：该病例的掩膜取自 %2。</translation>
    </message>
    <message>
        <source>%1 is named in dataset.json but is not there.</source>
        <translation>dataset.json 中列有 %1，但文件不存在。</translation>
    </message>
    <message>
        <source>%1 keeps its pool: %2.</source>
        <translation>%1 保持其所属分组：%2。</translation>
    </message>
    <message>
        <source>%1 of %2 slices are missing; their neighbours stand in for them.</source>
        <translation>%2 层中缺少 %1 层；以相邻层代替。</translation>
    </message>
    <message>
        <source>The mask names another frame of reference than this image has (%1): look whether it lies where it should.</source>
        <translation>该掩膜所注明的参考坐标系（%1）与本图像不同：请检查其位置是否正确。</translation>
    </message>
    <message>
        <source>The mask was made on another series than this image (%1): look whether it lies where it should.</source>
        <translation>该掩膜是在另一个序列（%1）上制作的，而非本图像：请检查其位置是否正确。</translation>
    </message>
    <message>
        <source>%1 of %2 slices cannot be decoded; their neighbours stand in for them (%3).</source>
        <translation>%2 层中有 %1 层无法解码；以相邻层代替（%3）。</translation>
    </message>
    <message>
        <source>%1: &quot;%2&quot; has number %3 there; it is written as %4, as in all cases.</source>
        <translation>%1：“%2”在其中编号为 %3；与所有病例一致写为 %4。</translation>
    </message>
    <message>
        <source>%1: &quot;%2&quot; is taken for &quot;%3&quot;.</source>
        <translation>%1：“%2”视为“%3”。</translation>
    </message>
    <message>
        <source>%1: &quot;%2&quot; was resampled to the grid of &quot;%3&quot;.</source>
        <translation>%1：“%2”已重采样到“%3”的网格。</translation>
    </message>
    <message>
        <source>%1: its channel &quot;%2&quot; is left out; other cases lack it.</source>
        <translation>%1：通道“%2”已略去；其他病例没有该通道。</translation>
    </message>
    <message>
        <source>%1: its image &quot;%2&quot; is taken as &quot;%3&quot;.</source>
        <translation>%1：图像“%2”作为“%3”使用。</translation>
    </message>
    <message>
        <source>%1: segments overlap (%2); where they do, the file holds the first named.</source>
        <translation>%1：分割有重叠（%2）；重叠处文件中保留先列出者。</translation>
    </message>
    <message>
        <source>%1: the segment &quot;%2&quot; is called &quot;%3&quot;.</source>
        <translation>%1：分割“%2”改称“%3”。</translation>
    </message>
    <message>
        <source>An overlay lies in the upper bits of the pixels and was left there; it may hold text.</source>
        <translation>像素高位中有覆盖层，已原样保留；其中可能含有文字。</translation>
    </message>
    <message>
        <source>Case %1 of %2 has no image of every channel.</source>
        <translation>%2 的病例 %1 缺少部分通道的图像。</translation>
    </message>
    <message>
        <source>Some cases have several channels: the pictures show the first.</source>
        <translation>部分病例有多个通道：图片显示第一个。</translation>
    </message>
    <message>
        <source>Text may be burned into the pixels of %1: look at it before it is handed on.</source>
        <translation>%1 的像素中可能烧录有文字：交出前请查看。</translation>
    </message>
    <message>
        <source>The file calls its orientation %1 but its axes are %2; the axes are used.</source>
        <translation>文件称方位为 %1，但其坐标轴为 %2；以坐标轴为准。</translation>
    </message>
    <message>
        <source>The file does not say how the image lies in the patient.</source>
        <translation>文件未说明图像在患者体内的方位。</translation>
    </message>
    <message>
        <source>The file names a centre of rotation; the image is placed by its offset alone.</source>
        <translation>文件给出了旋转中心；图像仅按其偏移量放置。</translation>
    </message>
    <message>
        <source>The file places the image in two different ways; the sform is used.</source>
        <translation>文件给出两种不同的图像位置；采用 sform。</translation>
    </message>
    <message>
        <source>The file&apos;s sform is not a grid in space; the qform or the voxel size is used.</source>
        <translation>文件的 sform 不是有效的空间网格；采用 qform 或体素大小。</translation>
    </message>
    <message>
        <source>The gantry was tilted by %1 degrees; unless they are regularised, the slices are shown sheared, as they lie.</source>
        <translation>机架倾斜 %1 度；除非将网格规则化，否则各层按其实际位置以错切方式显示。</translation>
    </message>
    <message>
        <source>The image carries overlay planes (drawings or text over it), which are blank.</source>
        <translation>图像带有覆盖层（其上的图形或文字），但其中没有内容。</translation>
    </message>
    <message>
        <source>The image carries overlay planes (drawings or text over it), which are kept as segments.</source>
        <translation>图像带有覆盖层（其上的图形或文字），已保留为分割区域。</translation>
    </message>
    <message>
        <source>The image carries overlay planes (drawings or text over it), which are not shown.</source>
        <translation>图像带有覆盖层（其上的图形或文字），未予显示。</translation>
    </message>
    <message>
        <source>The image carries overlay planes (drawings or text over it), which are not shown: %1.</source>
        <translation>图像带有覆盖层（其上的图形或文字），未予显示：%1。</translation>
    </message>
    <message>
        <source>The image does not give its pixel spacing; 1 mm is used.</source>
        <translation>图像未给出像素间距；采用 1 mm。</translation>
    </message>
    <message>
        <source>The image does not say where it lies in the patient; its axes are made up.</source>
        <translation>图像未说明其在患者体内的位置；坐标轴为假定值。</translation>
    </message>
    <message>
        <source>The image is in colour; its luminance is shown and used.</source>
        <translation>图像为彩色；显示并使用其亮度。</translation>
    </message>
    <message>
        <source>The image is stored in colour and shown so; measurements and models take its luminance.</source>
        <translation>图像以彩色存储并以彩色显示；测量和模型使用其亮度。</translation>
    </message>
    <message>
        <source>The image is stored in colour; its luminance is read.</source>
        <translation>图像以彩色存储；读取其亮度。</translation>
    </message>
    <message>
        <source>The image is stored inverted (MONOCHROME1): low values are bright.</source>
        <translation>图像以反相方式存储（MONOCHROME1）：低值显示为亮。</translation>
    </message>
    <message>
        <source>The image is stored with a palette of colours; their luminance is read.</source>
        <translation>图像以调色板存储；读取其亮度。</translation>
    </message>
    <message>
        <source>The image says of itself that text is burned into its pixels (Burned In Annotation is YES), and the pixels were not changed.</source>
        <translation>图像声明其像素中烧录有文字（Burned In Annotation 为 YES），像素未作改动。</translation>
    </message>
    <message>
        <source>The images do not say how far apart they lie; 1 mm is used.</source>
        <translation>图像未说明层间距；采用 1 mm。</translation>
    </message>
    <message>
        <source>The overlays, which may hold text, were removed.</source>
        <translation>可能含有文字的覆盖层已删除。</translation>
    </message>
    <message>
        <source>The pixel spacing is that of the detector: the patient, who lies before it, is smaller.</source>
        <translation>像素间距为探测器平面的间距：位于其前方的患者实际尺寸更小。</translation>
    </message>
    <message>
        <source>The series holds %1 images of every position (a sequence); this is number %2, %3.</source>
        <translation>该序列在每个位置有 %1 幅图像（时序/多组）；此为第 %2 组，%3。</translation>
    </message>
    <message>
        <source>The series holds %1 images of every position (a sequence); this is number %2.</source>
        <translation>该序列在每个位置有 %1 幅图像（时序/多组）；此为第 %2 组。</translation>
    </message>
    <message>
        <source>The series holds images of several orientations or grids; they are opened separately.</source>
        <translation>该序列包含多种方位或网格的图像；分别打开。</translation>
    </message>
    <message>
        <source>The slices do not lie evenly (%1 to %2 mm apart); the mean spacing is used, so lengths and volumes cannot be measured unless the grid is regularised.</source>
        <translation>各层间距不均匀（%1 至 %2 mm）；采用平均间距，因此除非将网格规则化，否则无法测量长度和体积。</translation>
    </message>
    <message>
        <source>The slices do not lie evenly: their spacing changes within the series.</source>
        <translation>各层间距不均匀：序列内的间距有变化。</translation>
    </message>
    <message>
        <source>The slices were resampled onto an even, untilted grid; they lay unevenly or tilted by %1 degrees.</source>
        <translation>各层已重采样到均匀、无倾斜的网格；原先间距不均匀或倾斜 %1 度。</translation>
    </message>
    <message>
        <source>The slices were resampled onto an even, untilted grid; they lay unevenly or tilted.</source>
        <translation>各层已重采样到均匀、无倾斜的网格；原先间距不均匀或有倾斜。</translation>
    </message>
    <message>
        <source>The spacing or course of the slices changes within the series; its parts are opened separately.</source>
        <translation>序列内的层间距或走向有变化；各部分分别打开。</translation>
    </message>
    <message>
        <source>There are no cases of both training and validation: nnU-Net draws its own splits.</source>
        <translation>训练与验证病例未同时存在：由 nnU-Net 自行划分。</translation>
    </message>
    <message>
        <source>There is no dataset.json: the segments are named by their values.</source>
        <translation>没有 dataset.json：分割按其数值命名。</translation>
    </message>
    <message>
        <source>There is one slice only; its thickness is taken for the spacing.</source>
        <translation>只有一层；以层厚作为层间距。</translation>
    </message>
    <message>
        <source>This image stays where it is: %1.</source>
        <translation>该图像保留在原处：%1。</translation>
    </message>
    <message>
        <source>This series is a localiser: it shows where others lie.</source>
        <translation>该序列为定位像：用于显示其他序列的位置。</translation>
    </message>
    <message>
        <source>This series is a single slice, not a volume.</source>
        <translation>该序列只有一层，不是容积图像。</translation>
    </message>
    <message>
        <source>nnU-Net finds a data set by a folder name such as Dataset001_Name, which this one has not.</source>
        <translation>nnU-Net 按 Dataset001_Name 之类的文件夹名查找数据集，而此文件夹名不符合。</translation>
    </message>
    <message>
        <source>overlay %1 of %2 image (%3) was left out: %4</source>
        <translation>%2 幅图像（%3）的覆盖层 %1 已略去：%4</translation>
    </message>
    <message>
        <source>overlay %1 of %2 images (the first: %3) was left out: %4</source>
        <translation>%2 幅图像（第一幅：%3）的覆盖层 %1 已略去：%4</translation>
    </message>
    <message>
        <source>overlay &quot;%1&quot;: what is drawn beside the image was left out</source>
        <translation>覆盖层“%1”：绘制在图像之外的部分已略去</translation>
    </message>
    <message>
        <source>overlay planes do not lie on the even grid that the image was resampled onto</source>
        <translation>图像已重采样到均匀网格，覆盖层不在该网格上</translation>
    </message>
    <message>
        <source>overlays of %1 image off the image&apos;s grid were left out</source>
        <translation>%1 幅图像不在该图像的网格上，其覆盖层已略去</translation>
    </message>
    <message>
        <source>overlays of %1 images off the image&apos;s grid were left out</source>
        <translation>%1 幅图像不在该图像的网格上，其覆盖层已略去</translation>
    </message>
    <message>
        <source>segments overlap: where they do, the file holds the last one</source>
        <translation>分割有重叠：重叠处文件中保留最后一个</translation>
    </message>
    <message>
        <source>the overlay has no data</source>
        <translation>覆盖层没有数据</translation>
    </message>
    <message>
        <source>the overlay lies in a bit that the image&apos;s pixels do not have</source>
        <translation>覆盖层所在的位超出了图像像素的位数</translation>
    </message>
    <message>
        <source>the overlay lies in bits that the image itself uses</source>
        <translation>覆盖层所在的位已被图像本身使用</translation>
    </message>
    <message>
        <source>the overlay lies in pixels of a kind whose unused bits are not read</source>
        <translation>覆盖层所在像素的类型，其未用位不予读取</translation>
    </message>
    <message>
        <source>the overlay lies in the unused bits of compressed pixels, which do not keep them</source>
        <translation>覆盖层位于压缩像素的未用位中，而压缩不保留这些位</translation>
    </message>
    <message>
        <source>the overlay&apos;s data is smaller than its rows and columns</source>
        <translation>覆盖层的数据少于其行数和列数所需</translation>
    </message>
    <message>
        <source>the overlay&apos;s rows, columns or frames are missing or impossible</source>
        <translation>覆盖层的行数、列数或帧数缺失或不可能</translation>
    </message>
    <message>
        <source>the source images were compressed with loss, but do not say how: the file does not either</source>
        <translation>源图像经有损压缩但未说明方式：文件同样未说明</translation>
    </message>
    <message>
        <source>The values are %1, no SUV: %2.</source>
        <translation>数值为 %1，非 SUV：%2。</translation>
    </message>
    <message>
        <source>The values are SUV by body weight: %1.</source>
        <translation>数值为按体重计算的 SUV：%1。</translation>
    </message>
    <message>
        <source>the image has other slices than its files: the file refers to no source images</source>
        <translation>图像的层与其文件不一致：文件不引用源图像</translation>
    </message>
    <message>
        <source>the image is no DICOM image: the file opens a study of its own and refers to no source images</source>
        <translation>该图像不是 DICOM 图像：文件自成一个检查，不引用源图像</translation>
    </message>
    <message>
        <source>the image was resampled onto an even grid: each slice refers to the source image nearest to it</source>
        <translation>图像已重采样到均匀网格：每层引用最近的源图像</translation>
    </message>
    <message>
        <source>the source image %1 has no %2: the file refers to no source images</source>
        <translation>源图像 %1 没有 %2：文件不引用源图像</translation>
    </message>
    <message>
        <source>the source images have no %1: a new one was given</source>
        <translation>源图像没有 %1：已赋予新值</translation>
    </message>
    <message>
        <source>the source images have no Series Instance UID: the file refers to no source images</source>
        <translation>源图像没有 Series Instance UID：文件不引用源图像</translation>
    </message>
    <message>
        <source>the source&apos;s %1 is longer than DICOM allows and was cut</source>
        <translation>源文件的 %1 超出 DICOM 允许的长度，已截断</translation>
    </message>
    <message>
        <source>the source&apos;s %1 is not what DICOM allows there and was left out</source>
        <translation>源文件的 %1 不符合 DICOM 规定，已略去</translation>
    </message>
    <message>
        <source>ROI &quot;%1&quot;: no closed contour, so its segment is empty</source>
        <translation>ROI“%1”：没有闭合轮廓，其分割区域为空</translation>
    </message>
    <message>
        <source>ROI &quot;%1&quot;: drawn wholly outside of the image, so its segment is empty</source>
        <translation>ROI“%1”：完全绘制在图像之外，其分割区域为空</translation>
    </message>
    <message>
        <source>ROI &quot;%1&quot;: %2 contour of %3 outside of the image&apos;s slices left out</source>
        <translation>ROI“%1”：%3 个轮廓中有 %2 个不在图像的层面上，已略去</translation>
    </message>
    <message>
        <source>ROI &quot;%1&quot;: %2 contours of %3 outside of the image&apos;s slices left out</source>
        <translation>ROI“%1”：%3 个轮廓中有 %2 个不在图像的层面上，已略去</translation>
    </message>
    <message>
        <source>ROI &quot;%1&quot;: %2 contour clipped at the image&apos;s border</source>
        <translation>ROI“%1”：%2 个轮廓在图像边缘被裁剪</translation>
    </message>
    <message>
        <source>ROI &quot;%1&quot;: %2 contours clipped at the image&apos;s border</source>
        <translation>ROI“%1”：%2 个轮廓在图像边缘被裁剪</translation>
    </message>
    <message>
        <source>ROI &quot;%1&quot;: %2 slice between its contours without one stay empty</source>
        <translation>ROI“%1”：其轮廓之间有 %2 层没有轮廓，保持为空</translation>
    </message>
    <message>
        <source>ROI &quot;%1&quot;: %2 slices between its contours without one stay empty</source>
        <translation>ROI“%1”：其轮廓之间有 %2 层没有轮廓，保持为空</translation>
    </message>
    <message>
        <source>No training case holds a voxel of &quot;%1&quot;: it will not be found.</source>
        <translation>没有训练病例含有“%1”的体素：它将无法被找到。</translation>
    </message>
    <message>
        <source>%1 and %2 are one image in the %3 and the %4 pool: figures on it prove nothing.</source>
        <translation>%1 与 %2 是同一图像，分别在 %3 与 %4 池中：其上的指标不能说明任何问题。</translation>
    </message>
    <message>
        <source>%1 and %2 are one image under two patients.</source>
        <translation>%1 与 %2 是两名患者名下的同一图像。</translation>
    </message>
    <message>
        <source>%1 and %2 are one image with different masks.</source>
        <translation>%1 与 %2 是同一图像，但掩膜不同。</translation>
    </message>
    <message>
        <source>&quot;%1&quot; and &quot;%2&quot; are learnt as two classes: rename one of them if they are the same.</source>
        <translation>“%1”与“%2”将作为两个类别学习：若相同请重命名其一。</translation>
    </message>
    <message>
        <source>Spacings lie far apart along axis %1: %2 mm in %3, %4 mm in %5; what is learnt on one may not be found on the other.</source>
        <translation>沿轴 %1 的间距相差很大：%3 为 %2 mm，%5 为 %4 mm；在其一上学到的可能在另一个上找不到。</translation>
    </message>
    <message>
        <source>Only %1 cases train: expect proposals to be rough.</source>
        <translation>仅 %1 个病例用于训练：建议会比较粗略。</translation>
    </message>
    <message>
        <source>The images are seen at %1 mm instead of %2 mm, so that a patch shows enough of them.</source>
        <translation>图像以 %1 mm 而非 %2 mm 观察，使图块能显示足够的范围。</translation>
    </message>
    <message>
        <source>A light network is taken: a larger one would not see %1 steps in %2 minutes, or not fit into memory.</source>
        <translation>采用轻量网络：更大的网络在 %2 分钟内达不到 %1 步，或内存放不下。</translation>
    </message>
    <message>
        <source>One more model, trained on another number of cases, makes a forecast possible.</source>
        <translation>再有一个用不同病例数训练的模型，即可作出预测。</translation>
    </message>
    <message>
        <source>%1 more models, trained on other numbers of cases, make a forecast possible.</source>
        <translation>再有 %1 个用不同病例数训练的模型，即可作出预测。</translation>
    </message>
    <message>
        <source>Further cases like these are not expected to help: Dice does not rise with their number.</source>
        <translation>预计更多同类病例不会有帮助：Dice 不随病例数上升。</translation>
    </message>
    <message>
        <source>Further cases like these are not expected to help: at Dice %1 the curve is near its plateau, %2 (%3 to %4, 95 %).</source>
        <translation>预计更多同类病例不会有帮助：曲线在 Dice %1 处已接近平台值 %2（95 % 区间 %3 至 %4）。</translation>
    </message>
    <message>
        <source>Further cases like these are not expected to help: at Dice %1 the curve is near its plateau, %2 (%3 to %4, 95 %); a gain of up to %5 is not ruled out.</source>
        <translation>预计更多同类病例不会有帮助：曲线在 Dice %1 处已接近平台值 %2（95 % 区间 %3 至 %4）；但不能排除最多 %5 的提升。</translation>
    </message>
    <message>
        <source>1 more case is expected to raise Dice from %1 to %2 (%3 to %4, 95 %); the plateau is %5 (%6 to %7, 95 %).</source>
        <translation>预计再增加 1 个病例可将 Dice 从 %1 提高到 %2（95 % 区间 %3 至 %4）；平台值为 %5（95 % 区间 %6 至 %7）。</translation>
    </message>
    <message>
        <source>About %1 more cases are expected to raise Dice from %2 to %3 (%4 to %5, 95 %); the plateau is %6 (%7 to %8, 95 %).</source>
        <translation>预计再增加约 %1 个病例可将 Dice 从 %2 提高到 %3（95 % 区间 %4 至 %5）；平台值为 %6（95 % 区间 %7 至 %8）。</translation>
    </message>
    <message>
        <source>This worker is built for the CPU alone, and an NVIDIA driver is loaded: build one for CUDA with packaging/libtorch-cuda and the preset release-cuda.</source>
        <translation>此计算程序仅为 CPU 构建，但已加载 NVIDIA 驱动：请用 packaging/libtorch-cuda 和预设 release-cuda 构建 CUDA 版本。</translation>
    </message>
    <message>
        <source>This worker is built for the CPU alone, and no NVIDIA driver is loaded.</source>
        <translation>此计算程序仅为 CPU 构建，且未加载 NVIDIA 驱动。</translation>
    </message>
    <message>
        <source>No CUDA device was found: no NVIDIA driver is loaded.</source>
        <translation>未找到 CUDA 设备：未加载 NVIDIA 驱动。</translation>
    </message>
    <message>
        <source>No CUDA device was found: the NVIDIA driver's library libcuda.so.1 cannot be used.</source>
        <translation>未找到 CUDA 设备：无法使用 NVIDIA 驱动库 libcuda.so.1。</translation>
    </message>
    <message>
        <source>No CUDA device was found: the NVIDIA driver is too old for CUDA 12; install version 525 or newer.</source>
        <translation>未找到 CUDA 设备：NVIDIA 驱动过旧，不支持 CUDA 12；请安装 525 或更高版本。</translation>
    </message>
    <message>
        <source>No CUDA device was found: the NVIDIA driver is loaded and shows none.</source>
        <translation>未找到 CUDA 设备：NVIDIA 驱动已加载，但没有显示任何设备。</translation>
    </message>
    <message>
        <source>No CUDA device can be used: the driver shows one and LibTorch cannot reach it.</source>
        <translation>无法使用 CUDA 设备：驱动显示有设备，但 LibTorch 无法访问。</translation>
    </message>
    <message>
        <source>The self-test's network gives other probabilities than on the CPU.</source>
        <translation>自检网络给出的概率与 CPU 上的不同。</translation>
    </message>
    <message>
        <source>The memory of %1 ran out: the CPU is used.</source>
        <translation>%1 的内存已用尽：改用 CPU。</translation>
    </message>
    <message>
        <source>The memory of %1 ran out: batches of %2 instead of %3 are used.</source>
        <translation>%1 的内存已用尽：批量大小由 %3 改为 %2。</translation>
    </message>
    <message>
        <source>The memory of %1 ran out: patches of %2 instead of %3 voxels are used.</source>
        <translation>%1 的内存已用尽：图块大小由 %3 体素改为 %2 体素。</translation>
    </message>
    <message>
        <source>The memory of %1 ran out: results are gathered in the main memory.</source>
        <translation>%1 的内存已用尽：结果改在主内存中汇总。</translation>
    </message>
    <message>
        <source>Drawn for &quot;%1&quot; by how unsure the model is there (entropy %2 nats, rank %3 of %4)</source>
        <translation>按模型在“%1”上的不确定程度抽取（熵 %2 nat，第 %3 位，共 %4 例）</translation>
    </message>
    <message>
        <source>Drawn by how unsure the model is about it (entropy %1 nats, rank %2 of %3)</source>
        <translation>按模型对此例的不确定程度抽取（熵 %1 nat，第 %2 位，共 %3 例）</translation>
    </message>
    <message>
        <source>The model is unsure about it (entropy %1 nats, rank %2 of %3)</source>
        <translation>模型对此例不确定（熵 %1 nat，第 %2 位，共 %3 例）</translation>
    </message>
    <message>
        <source>The model finds nothing in it and is not sure of that (probability %1, rank %2 of %3)</source>
        <translation>模型在此例中未找到任何内容，但并不确定（概率 %1，第 %2 位，共 %3 例）</translation>
    </message>
    <message>
        <source>The two likeliest classes lie close together in it (1 - margin %1, rank %2 of %3)</source>
        <translation>此例中两个最可能的类别十分接近（1 − 间隔为 %1，第 %2 位，共 %3 例）</translation>
    </message>
    <message>
        <source>The predictions disagree about it (1 - Dice %1, rank %2 of %3)</source>
        <translation>各预测对此例意见不一（1 − Dice 为 %1，第 %2 位，共 %3 例）</translation>
    </message>
    <message>
        <source>Least like the cases that are approved or chosen (distance %1)</source>
        <translation>与已批准或已选的病例最不相似（距离 %1）</translation>
    </message>
    <message>
        <source>The most typical of the cases, to begin with</source>
        <translation>作为开始，选择最典型的病例</translation>
    </message>
    <message>
        <source>Random share: drawn from all cases alike, as a control</source>
        <translation>随机份额：从所有病例中等概率抽取，作为对照</translation>
    </message>
    <message>
        <source>Drawn at random from what the model takes for &quot;%1&quot; (%2 ml here)</source>
        <translation>从模型认为是“%1”的部分中随机抽取（此例 %2 ml）</translation>
    </message>
    <message>
        <source>Drawn at random</source>
        <translation>随机抽取</translation>
    </message>
</context>
<context>
    <name>annotomy::DatasetDialog</name>
    <message>
        <source>%1 approved cases: %2 to train, %3 to validate, %4 to test</source>
        <translation>%1 个已批准病例：训练 %2，验证 %3，测试 %4</translation>
    </message>
    <message>
        <source>%1 cases in %2 files (%3), every mask read back: %4</source>
        <translation>%1 个病例，%2 个文件（%3），每个掩膜均已回读核对：%4</translation>
    </message>
    <message>
        <source>All modalities</source>
        <translation>所有模态</translation>
    </message>
    <message>
        <source>As the folder is called</source>
        <translation>与文件夹同名</translation>
    </message>
    <message>
        <source>Axial</source>
        <translation>轴位</translation>
    </message>
    <message>
        <source>By the series: T1w, FLAIR, …</source>
        <translation>按序列：T1w、FLAIR…</translation>
    </message>
    <message>
        <source>Coronal</source>
        <translation>冠状位</translation>
    </message>
    <message>
        <source>Counting the approved cases…</source>
        <translation>正在统计已批准的病例…</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Export a data set</source>
        <translation>导出数据集</translation>
    </message>
    <message>
        <source>Exporting a data set</source>
        <translation>正在导出数据集</translation>
    </message>
    <message>
        <source>Folder of the data set: a new one</source>
        <translation>数据集文件夹：新建</translation>
    </message>
    <message>
        <source>Images</source>
        <translation>图像</translation>
    </message>
    <message>
        <source>Layout</source>
        <translation>布局</translation>
    </message>
    <message>
        <source>Modality</source>
        <translation>模态</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>No case is approved yet: only what was signed off is exported.</source>
        <translation>尚无已批准的病例：只导出已签核的内容。</translation>
    </message>
    <message>
        <source>Otherwise a mask with overlapping segments is refused by layouts of one label a voxel.</source>
        <translation>否则，每个体素只有一个标签的布局会拒绝有重叠分割的掩膜。</translation>
    </message>
    <message>
        <source>Raw data with dataset.json and the splits: train and validation cases in imagesTr, test cases in imagesTs. One label a voxel.</source>
        <translation>原始数据，含 dataset.json 与划分：训练和验证病例在 imagesTr，测试病例在 imagesTs。每个体素一个标签。</translation>
    </message>
    <message>
        <source>Sagittal</source>
        <translation>矢状位</translation>
    </message>
    <message>
        <source>Slices</source>
        <translation>层面</translation>
    </message>
    <message>
        <source>Slices as pictures with outlines and boxes, for 2-D detectors. Overlapping segments are kept.</source>
        <translation>以图片形式导出各层，含轮廓与边框，用于二维检测。保留重叠的分割。</translation>
    </message>
    <message>
        <source>Subjects and derivatives of masks with their label table, for MR. One label a voxel.</source>
        <translation>受试者与掩膜衍生数据及标签表，用于 MR。每个体素一个标签。</translation>
    </message>
    <message>
        <source>Suffix</source>
        <translation>后缀</translation>
    </message>
    <message>
        <source>Where segments overlap, the last one counts</source>
        <translation>分割重叠处以最后一个为准</translation>
    </message>
    <message>
        <source>and %1 more notes, in manifest.json</source>
        <translation>另有 %1 条说明，见 manifest.json</translation>
    </message>
    <message>
        <source>imagesTr, labelsTr and imagesTs with dataset.json; channels in one 4-D file. One label a voxel.</source>
        <translation>imagesTr、labelsTr 和 imagesTs，含 dataset.json；各通道在一个 4-D 文件中。每个体素一个标签。</translation>
    </message>
    <message>
        <source>%1 approved case: %2 to train, %3 to validate, %4 to test</source>
        <translation>%1 个已批准病例：训练 %2，验证 %3，测试 %4</translation>
    </message>
    <message>
        <source>%1 case in %2 files (%3), its mask read back: %4</source>
        <translation>%1 个病例，%2 个文件（%3），掩膜已回读核对：%4</translation>
    </message>
</context>
<context>
    <name>annotomy::DeidentifyDialog</name>
    <message>
        <source>%1 (%2 files, the first: %3)</source>
        <translation>%1（%2 个文件，第一个：%3）</translation>
    </message>
    <message>
        <source>%1 files written to %2</source>
        <translation>已将 %1 个文件写入 %2</translation>
    </message>
    <message>
        <source>%1 left out, %2 no DICOM</source>
        <translation>略去 %1 个，非 DICOM %2 个</translation>
    </message>
    <message>
        <source>Age, sex, size and weight</source>
        <translation>年龄、性别、身高和体重</translation>
    </message>
    <message>
        <source>By the Basic Profile of DICOM PS3.15: names, numbers, dates, UIDs and private attributes go. The same patient gets the same new name in every export of this workspace. Writing in the pixels stays and is warned of.</source>
        <translation>依据 DICOM PS3.15 的基本规范：删除姓名、编号、日期、UID 和私有属性。同一患者在本工作区的每次导出中得到相同的新名称。像素中的文字会保留并给出警告。</translation>
    </message>
    <message>
        <source>Cancelled; what was written lies in the folder.</source>
        <translation>已取消；已写入的文件保留在文件夹中。</translation>
    </message>
    <message>
        <source>Dates</source>
        <translation>日期</translation>
    </message>
    <message>
        <source>De-identify</source>
        <translation>去标识</translation>
    </message>
    <message>
        <source>De-identify DICOM files</source>
        <translation>DICOM 文件去标识</translation>
    </message>
    <message>
        <source>De-identify a folder</source>
        <translation>对文件夹去标识</translation>
    </message>
    <message>
        <source>De-identify files</source>
        <translation>对文件去标识</translation>
    </message>
    <message>
        <source>De-identifying</source>
        <translation>正在去标识</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>Folder to write to: empty or new</source>
        <translation>写入的文件夹：空的或新的</translation>
    </message>
    <message>
        <source>Institution</source>
        <translation>机构</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>Known words of descriptions</source>
        <translation>描述中的常用词</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>报告</translation>
    </message>
    <message>
        <source>Shift</source>
        <translation>平移</translation>
    </message>
    <message>
        <source>Shift: by whole days, the same for all of a patient, so that intervals stay.</source>
        <translation>平移：按整天移动，同一患者相同，间隔不变。</translation>
    </message>
    <message>
        <source>Techniques, planes and anatomy stay in descriptions; every other word goes.</source>
        <translation>描述中保留技术、方位和解剖词语，其余全部删除。</translation>
    </message>
    <message>
        <source>UIDs</source>
        <translation>UID</translation>
    </message>
    <message>
        <source>What to de-identify</source>
        <translation>要去标识的内容</translation>
    </message>
</context>
<context>
    <name>annotomy::FolderField</name>
    <message>
        <source>Browse…</source>
        <translation>浏览…</translation>
    </message>
</context>
<context>
    <name>annotomy::InboxControl</name>
    <message>
        <source>Inbox: %1 cases came in · %2</source>
        <translation>收件文件夹：收到 %1 个病例 · %2</translation>
    </message>
    <message>
        <source>Inbox: 1 case came in · %1</source>
        <translation>收件文件夹：收到 1 个病例 · %1</translation>
    </message>
    <message>
        <source>Inbox: not reached</source>
        <translation>收件文件夹：无法访问</translation>
    </message>
    <message>
        <source>Inbox: watching</source>
        <translation>收件文件夹：监视中</translation>
    </message>
</context>
<context>
    <name>annotomy::InboxDialog</name>
    <message>
        <source>Apply</source>
        <translation>应用</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Folder to watch</source>
        <translation>要监视的文件夹</translation>
    </message>
    <message>
        <source>Images</source>
        <translation>图像</translation>
    </message>
    <message>
        <source>Inbox</source>
        <translation>收件文件夹</translation>
    </message>
    <message>
        <source>Link</source>
        <translation>链接</translation>
    </message>
    <message>
        <source>Link: images stay where they are. Copy: they are copied into the workspace.</source>
        <translation>链接：图像保留在原处。复制：图像复制到工作区。</translation>
    </message>
    <message>
        <source>Watch a folder and import what arrives in it</source>
        <translation>监视文件夹并导入收到的内容</translation>
    </message>
    <message>
        <source>While Annotomy runs, studies that a scanner or PACS puts into this folder are imported once their files have been quiet for a while.</source>
        <translation>Annotomy 运行期间，扫描仪或 PACS 放入此文件夹的检查会在文件稳定一段时间后导入。</translation>
    </message>
</context>
<context>
    <name>annotomy::PathList</name>
    <message>
        <source>Add files…</source>
        <translation>添加文件…</translation>
    </message>
    <message>
        <source>Add folder…</source>
        <translation>添加文件夹…</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
</context>
<context>
    <name>annotomy::SegmentCodesDialog</name>
    <message>
        <source>%1 (as it was)</source>
        <translation>%1（原有）</translation>
    </message>
    <message>
        <source>As the name says: %1</source>
        <translation>依名称：%1</translation>
    </message>
    <message>
        <source>Both</source>
        <translation>双侧</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Category</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>DICOM exports carry this in SNOMED CT&apos;s terms, so that other programs know what it is.</source>
        <translation>DICOM 导出以 SNOMED CT 术语携带此信息，使其他程序知道其含义。</translation>
    </message>
    <message>
        <source>Left</source>
        <translation>左</translation>
    </message>
    <message>
        <source>No side</source>
        <translation>不分侧</translation>
    </message>
    <message>
        <source>Not told</source>
        <translation>未说明</translation>
    </message>
    <message>
        <source>Organs and findings</source>
        <translation>器官与病变</translation>
    </message>
    <message>
        <source>Region</source>
        <translation>部位</translation>
    </message>
    <message>
        <source>Right</source>
        <translation>右</translation>
    </message>
    <message>
        <source>Search organs and findings</source>
        <translation>搜索器官与病变</translation>
    </message>
    <message>
        <source>Side or part</source>
        <translation>侧别或部分</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Use this</source>
        <translation>采用</translation>
    </message>
    <message>
        <source>What “%1” is</source>
        <translation>“%1”的含义</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>所在部位</translation>
    </message>
</context>
<context>
    <name>annotomy::WorklistFilterBar</name>
    <message>
        <source>Any date</source>
        <translation>任意日期</translation>
    </message>
    <message>
        <source>Any modality</source>
        <translation>任意模态</translation>
    </message>
    <message>
        <source>Between two dates…</source>
        <translation>两个日期之间…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>From</source>
        <translation>从</translation>
    </message>
    <message>
        <source>Last 12 months</source>
        <translation>最近 12 个月</translation>
    </message>
    <message>
        <source>Last 30 days</source>
        <translation>最近 30 天</translation>
    </message>
    <message>
        <source>Last 7 days</source>
        <translation>最近 7 天</translation>
    </message>
    <message>
        <source>Modality</source>
        <translation>模态</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>Study date</source>
        <translation>检查日期</translation>
    </message>
    <message>
        <source>To</source>
        <translation>至</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>今天</translation>
    </message>
</context>
<context>
    <name>annotomy::WorklistRow</name>
    <message>
        <source>%1, and %2 more</source>
        <translation>%1，另有 %2 项</translation>
    </message>
    <message>
        <source>Dice to proposal %1</source>
        <translation>与建议的 Dice %1</translation>
    </message>
    <message>
        <source>model unsure: %1</source>
        <translation>模型不确定度：%1</translation>
    </message>
    <message>
        <source>no mask yet</source>
        <translation>尚无掩膜</translation>
    </message>
    <message>
        <source>New</source>
        <translation>新建</translation>
    </message>
    <message>
        <source>In work</source>
        <translation>进行中</translation>
    </message>
    <message>
        <source>Proposed</source>
        <translation>已建议</translation>
    </message>
    <message>
        <source>Approved</source>
        <translation>已批准</translation>
    </message>
</context>
<context>
    <name>annotomy::Dialogs</name>
    <message>
        <source>Import a folder</source>
        <translation>导入文件夹</translation>
    </message>
    <message>
        <source>Import files</source>
        <translation>导入文件</translation>
    </message>
    <message>
        <source>Approve</source>
        <translation>批准</translation>
    </message>
    <message>
        <source>Nothing is segmented in this case. Approve that there is nothing to segment?</source>
        <translation>此病例没有任何分割。是否批准“无需分割”？</translation>
    </message>
    <message>
        <source>Approve as empty</source>
        <translation>按空白批准</translation>
    </message>
    <message>
        <source>Looking at what was dropped</source>
        <translation>正在查看拖入的文件</translation>
    </message>
</context>
<context>
    <name>annotomy::DisplayPanel</name>
    <message>
        <source>DISPLAY</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>窗口预设</translation>
    </message>
    <message>
        <source>Width</source>
        <translation>窗宽</translation>
    </message>
    <message>
        <source>Centre</source>
        <translation>窗位</translation>
    </message>
    <message>
        <source>Fill</source>
        <translation>填充</translation>
    </message>
    <message>
        <source>Outline</source>
        <translation>轮廓</translation>
    </message>
    <message>
        <source>Opacity of the segments</source>
        <translation>分割区域的不透明度</translation>
    </message>
    <message>
        <source>Opacity of the outlines</source>
        <translation>轮廓的不透明度</translation>
    </message>
    <message>
        <source>As in the header</source>
        <translation>按文件头</translation>
    </message>
    <message>
        <source>Own</source>
        <translation>自定义</translation>
    </message>
    <message>
        <source>Header: %1</source>
        <translation>文件头：%1</translation>
    </message>
    <message>
        <source>99 % of the values</source>
        <translation>99% 的像素值</translation>
    </message>
    <message>
        <source>Colours as stored</source>
        <translation>原始颜色</translation>
    </message>
    <message>
        <source>Without the curve</source>
        <translation>不使用曲线</translation>
    </message>
    <message>
        <source>Image</source>
        <translation>图像</translation>
    </message>
    <message>
        <source>The image shown: , and . step through channels and times</source>
        <translation>当前图像：用 , 和 . 切换通道与时间</translation>
    </message>
</context>
<context>
    <name>annotomy::EmptyState</name>
    <message>
        <source>Import a folder…</source>
        <translation>导入文件夹…</translation>
    </message>
    <message>
        <source>Import files…</source>
        <translation>导入文件…</translation>
    </message>
    <message>
        <source>Begin with a study</source>
        <translation>从一项检查开始</translation>
    </message>
    <message>
        <source>Import a folder of DICOM, NIfTI or NRRD images, or drop one here.
Images stay where they are unless you choose to copy them.</source>
        <translation>导入包含 DICOM、NIfTI 或 NRRD 图像的文件夹，或将其拖放到此处。
图像保留在原处，除非您选择复制。</translation>
    </message>
    <message>
        <source>Choose a case</source>
        <translation>选择病例</translation>
    </message>
    <message>
        <source>Click a case in the worklist to open it, or drop a folder here to import more.</source>
        <translation>在工作列表中单击病例即可打开；将文件夹拖放到此处可继续导入。</translation>
    </message>
    <message>
        <source>Opening the study…</source>
        <translation>正在打开检查…</translation>
    </message>
    <message>
        <source>Slices are being read. The first opening takes longest.</source>
        <translation>正在读取切片。首次打开耗时最长。</translation>
    </message>
</context>
<context>
    <name>annotomy::ExportDialog</name>
    <message>
        <source>Export revision %1 of %2</source>
        <translation>导出 %2 的修订版 %1</translation>
    </message>
    <message>
        <source>Export the mask of %1</source>
        <translation>导出 %1 的掩膜</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>格式</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Exporting</source>
        <translation>正在导出</translation>
    </message>
    <message>
        <source>Written and read back: %1</source>
        <translation>已写入并回读核对：%1</translation>
    </message>
    <message>
        <source>This file exists. Press Replace to write over it.</source>
        <translation>该文件已存在。按“替换”将覆盖它。</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>替换</translation>
    </message>
    <message>
        <source>A report of volumes and intensities (TID 1500), and beside it the segmentation that it measures.</source>
        <translation>体积与强度的报告（TID 1500），并附其所测量的分割。</translation>
    </message>
    <message>
        <source>Contours slice by slice, for treatment planning. Overlapping segments and names are kept; voxels come back with a Dice of 0.99 or more.</source>
        <translation>逐层轮廓，用于放疗计划。保留重叠的分割与名称；回读体素的 Dice 不低于 0.99。</translation>
    </message>
    <message>
        <source>One label a voxel: where segments overlap, the last one counts. Names and codes are not kept.</source>
        <translation>每个体素一个标签：重叠处以最后一个为准。不保留名称和编码。</translation>
    </message>
    <message>
        <source>Overlapping segments, names, codes, tracking and the references to the images are kept, for PACS.</source>
        <translation>保留重叠的分割、名称、编码、追踪标识和图像引用，用于 PACS。</translation>
    </message>
    <message>
        <source>Overlapping segments, names, colours and codes are kept, for 3D Slicer.</source>
        <translation>保留重叠的分割、名称、颜色和编码，用于 3D Slicer。</translation>
    </message>
    <message>
        <source>De-identify</source>
        <translation>去标识</translation>
    </message>
    <message>
        <source>The object names no patient: new UIDs and a pseudonym, the same in every export of this workspace.</source>
        <translation>对象不含患者信息：使用新的 UID 和化名，在本工作区的每次导出中一致。</translation>
    </message>
</context>
<context>
    <name>annotomy::GateFigures</name>
    <message>
        <source>Provisional: not gated. Three validation patients are needed, there are %1.</source>
        <translation>暂定：未经把关。需要 3 名验证患者，目前有 %1 名。</translation>
    </message>
    <message>
        <source>1 validation patient</source>
        <translation>1 名验证患者</translation>
    </message>
    <message>
        <source>%1 validation patients</source>
        <translation>%1 名验证患者</translation>
    </message>
    <message>
        <source>Became current: Dice %1 on %2.</source>
        <translation>已成为当前模型：在 %2 上 Dice 为 %1。</translation>
    </message>
    <message>
        <source>Not promoted: it finds nothing on %1.</source>
        <translation>未晋升：在 %1 上未检出任何内容。</translation>
    </message>
    <message>
        <source>Became current: Dice %1, before %2, on %3.</source>
        <translation>已成为当前模型：在 %3 上 Dice 为 %1，此前为 %2。</translation>
    </message>
    <message>
        <source>Not promoted: Dice fell for %1.</source>
        <translation>未晋升：%1 的 Dice 下降。</translation>
    </message>
    <message>
        <source>Not promoted: Dice %1, before %2, but it may be %3 lower on other cases (95 % interval).</source>
        <translation>未晋升：Dice 为 %1，此前为 %2，但在其他病例上可能低 %3（95 % 区间）。</translation>
    </message>
    <message>
        <source>Not promoted: Dice %1, the current model's %2, on %3.</source>
        <translation>未晋升：在 %3 上 Dice 为 %1，当前模型为 %2。</translation>
    </message>
    <message>
        <source>Candidate</source>
        <translation>候选</translation>
    </message>
    <message>
        <source>Current</source>
        <translation>当前</translation>
    </message>
    <message>
        <source>Retired</source>
        <translation>已停用</translation>
    </message>
    <message>
        <source>Not promoted</source>
        <translation>未晋升</translation>
    </message>
    <message>
        <source>Provisional</source>
        <translation>暂定</translation>
    </message>
</context>
<context>
    <name>annotomy::ImportDialog</name>
    <message>
        <source>Link</source>
        <translation>链接</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Import images</source>
        <translation>导入图像</translation>
    </message>
    <message>
        <source>What to import</source>
        <translation>导入内容</translation>
    </message>
    <message>
        <source>Images</source>
        <translation>图像</translation>
    </message>
    <message>
        <source>Link: images stay where they are. Copy: they are copied into the workspace.</source>
        <translation>链接：图像保留在原处。复制：图像复制到工作区。</translation>
    </message>
    <message>
        <source>Folder with masks of the same file names (optional)</source>
        <translation>包含同名掩膜文件的文件夹（可选）</translation>
    </message>
    <message>
        <source>Folder with masks</source>
        <translation>掩膜文件夹</translation>
    </message>
    <message>
        <source>Import a folder</source>
        <translation>导入文件夹</translation>
    </message>
    <message>
        <source>Import files</source>
        <translation>导入文件</translation>
    </message>
    <message>
        <source>Import more</source>
        <translation>继续导入</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>导入</translation>
    </message>
    <message>
        <source>Importing</source>
        <translation>正在导入</translation>
    </message>
    <message>
        <source>As they lie</source>
        <translation>保持原样</translation>
    </message>
    <message>
        <source>Cancelled; what was imported by then stays in the worklist.</source>
        <translation>已取消；此前导入的内容保留在工作列表中。</translation>
    </message>
    <message>
        <source>Data set: BIDS</source>
        <translation>数据集：BIDS</translation>
    </message>
    <message>
        <source>Data set: LIDC-IDRI</source>
        <translation>数据集：LIDC-IDRI</translation>
    </message>
    <message>
        <source>Data set: Medical Segmentation Decathlon</source>
        <translation>数据集：Medical Segmentation Decathlon</translation>
    </message>
    <message>
        <source>Data set: nnU-Net</source>
        <translation>数据集：nnU-Net</translation>
    </message>
    <message>
        <source>Irregular slices</source>
        <translation>不规则层面</translation>
    </message>
    <message>
        <source>Regularise</source>
        <translation>规则化</translation>
    </message>
    <message>
        <source>Studies and images</source>
        <translation>检查与图像</translation>
    </message>
    <message>
        <source>The folder of the data set. Its masks come along as revisions, its channels join their case, and its parts are reserved for the patients.</source>
        <translation>数据集所在文件夹。其掩膜作为修订导入，各通道并入所属病例，其划分为患者预留。</translation>
    </message>
    <message>
        <source>Tilted or uneven slices. As they lie: shown as they were taken, uneven ones marked as not to be measured. Regularise: resampled onto an even, untilted grid.</source>
        <translation>倾斜或间距不均匀的层面。保持原样：按采集位置显示，不均匀者标记为不可测量。规则化：重采样到均匀、无倾斜的网格。</translation>
    </message>
    <message>
        <source>What it is</source>
        <translation>内容类型</translation>
    </message>
    <message>
        <source>A name such as PET: images that share a patient and frame of reference with a case join it as its channel of that name, and its masks serve both.</source>
        <translation>例如 PET：与某病例同一患者且参考系相同的图像将以该名称并入为其通道，共用其掩膜。</translation>
    </message>
    <message>
        <source>Channel</source>
        <translation>通道</translation>
    </message>
    <message>
        <source>DICOM folders, DICOMDIR and ZIP archives, NIfTI, NRRD and MetaImage files. Folders are searched to the bottom; only headers are read.</source>
        <translation>DICOM 文件夹、DICOMDIR 和 ZIP 压缩包，以及 NIfTI、NRRD、MetaImage 文件。文件夹会逐级搜索，只读取文件头。</translation>
    </message>
    <message>
        <source>Join as channel</source>
        <translation>并入为通道</translation>
    </message>
    <message>
        <source>None: every image is a case of its own</source>
        <translation>无：每幅图像为独立病例</translation>
    </message>
</context>
<context>
    <name>annotomy::ImportReportModel</name>
    <message>
        <source>1 new case</source>
        <translation>1 个新病例</translation>
    </message>
    <message>
        <source>%1 new cases</source>
        <translation>%1 个新病例</translation>
    </message>
    <message>
        <source>%1 already known</source>
        <translation>%1 个已存在</translation>
    </message>
    <message>
        <source>1 warning</source>
        <translation>1 条警告</translation>
    </message>
    <message>
        <source>%1 warnings</source>
        <translation>%1 条警告</translation>
    </message>
    <message>
        <source>1 file not used</source>
        <translation>1 个文件未使用</translation>
    </message>
    <message>
        <source>%1 files not used</source>
        <translation>%1 个文件未使用</translation>
    </message>
    <message>
        <source>%1 files seen</source>
        <translation>共检查 %1 个文件</translation>
    </message>
    <message>
        <source>with a mask</source>
        <translation>含掩膜</translation>
    </message>
    <message>
        <source>%1 files</source>
        <translation>%1 个文件</translation>
    </message>
    <message>
        <source>%1 images in sequence</source>
        <translation>%1 幅时序图像</translation>
    </message>
    <message>
        <source>%1, and %2 more</source>
        <translation>%1 及另外 %2 个</translation>
    </message>
    <message>
        <source>1 file</source>
        <translation>1 个文件</translation>
    </message>
    <message>
        <source>Nothing new</source>
        <translation>没有新内容</translation>
    </message>
    <message>
        <source>%1 cases have new slices</source>
        <translation>%1 个病例有新增层面</translation>
    </message>
    <message>
        <source>1 case has new slices</source>
        <translation>1 个病例有新增层面</translation>
    </message>
    <message>
        <source>has new slices</source>
        <translation>有新增层面</translation>
    </message>
</context>
<context>
    <name>annotomy::ImportReportView</name>
    <message>
        <source>Import report</source>
        <translation>导入报告</translation>
    </message>
</context>
<context>
    <name>annotomy::JobDialog</name>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Cancelled; nothing was changed.</source>
        <translation>已取消；未作任何更改。</translation>
    </message>
</context>
<context>
    <name>annotomy::JobProgress</name>
    <message>
        <source>epoch %1</source>
        <translation>第 %1 轮</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1%</translation>
    </message>
</context>
<context>
    <name>annotomy::LearningCurve</name>
    <message>
        <source>Learning curve</source>
        <translation>学习曲线</translation>
    </message>
    <message>
        <source>Validation Dice</source>
        <translation>验证集 Dice</translation>
    </message>
    <message>
        <source>Training loss</source>
        <translation>训练损失</translation>
    </message>
    <message>
        <source>no epochs yet</source>
        <translation>尚无训练轮次</translation>
    </message>
    <message>
        <source>epoch %1</source>
        <translation>第 %1 轮</translation>
    </message>
</context>
<context>
    <name>annotomy::MainWindow</name>
    <message>
        <source>No voxel has such a value there.</source>
        <translation>该处没有符合此数值的体素。</translation>
    </message>
    <message>
        <source>Not saved</source>
        <translation>未保存</translation>
    </message>
    <message>
        <source>The last strokes could not be saved. If you close the window now, they are lost.</source>
        <translation>最近的笔画未能保存。若现在关闭窗口，这些笔画将丢失。</translation>
    </message>
    <message>
        <source>Smaller brush</source>
        <translation>缩小画笔</translation>
    </message>
    <message>
        <source>Larger brush</source>
        <translation>放大画笔</translation>
    </message>
    <message>
        <source>Disc or ball</source>
        <translation>切换圆盘/球体</translation>
    </message>
    <message>
        <source>Segment %1 of the list</source>
        <translation>列表中第 %1 个区域</translation>
    </message>
    <message>
        <source>Add a segment</source>
        <translation>添加分割区域</translation>
    </message>
    <message>
        <source>Rename the active segment</source>
        <translation>重命名当前区域</translation>
    </message>
    <message>
        <source>Delete the active segment</source>
        <translation>删除当前区域</translation>
    </message>
    <message>
        <source>Show or hide the active segment</source>
        <translation>显示或隐藏当前区域</translation>
    </message>
    <message>
        <source>Lock or unlock the active segment</source>
        <translation>锁定或解锁当前区域</translation>
    </message>
    <message>
        <source>Show or hide all segments</source>
        <translation>显示或隐藏所有区域</translation>
    </message>
    <message>
        <source>Fit the images</source>
        <translation>图像适合窗口</translation>
    </message>
    <message>
        <source>Reset window and views</source>
        <translation>重置窗宽窗位与视图</translation>
    </message>
    <message>
        <source>All four views</source>
        <translation>四视图</translation>
    </message>
    <message>
        <source>Axial only</source>
        <translation>仅轴位</translation>
    </message>
    <message>
        <source>Coronal only</source>
        <translation>仅冠状位</translation>
    </message>
    <message>
        <source>Sagittal only</source>
        <translation>仅矢状位</translation>
    </message>
    <message>
        <source>3-D only</source>
        <translation>仅三维</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>重做</translation>
    </message>
    <message>
        <source>Save a revision</source>
        <translation>保存修订版</translation>
    </message>
    <message>
        <source>Let the model propose</source>
        <translation>请模型生成建议</translation>
    </message>
    <message>
        <source>Approve: sign the mask off</source>
        <translation>批准：签核掩膜</translation>
    </message>
    <message>
        <source>Revisions</source>
        <translation>修订历史</translation>
    </message>
    <message>
        <source>Export the mask</source>
        <translation>导出掩膜</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>导入</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Next case</source>
        <translation>下一病例</translation>
    </message>
    <message>
        <source>Previous case</source>
        <translation>上一病例</translation>
    </message>
    <message>
        <source>Search the worklist</source>
        <translation>搜索工作列表</translation>
    </message>
    <message>
        <source>Worklist on or off</source>
        <translation>显示或隐藏工作列表</translation>
    </message>
    <message>
        <source>Panels on the right on or off</source>
        <translation>显示或隐藏右侧面板</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>全屏</translation>
    </message>
    <message>
        <source>This sheet</source>
        <translation>本快捷键表</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>Brush size</source>
        <translation>画笔大小</translation>
    </message>
    <message>
        <source>Shift + wheel</source>
        <translation>Shift + 滚轮</translation>
    </message>
    <message>
        <source>Erase while painting, and the reverse</source>
        <translation>绘制时临时擦除（反之亦然）</translation>
    </message>
    <message>
        <source>Ctrl + drag</source>
        <translation>Ctrl + 拖动</translation>
    </message>
    <message>
        <source>Drop the stroke</source>
        <translation>放弃当前笔画</translation>
    </message>
    <message>
        <source>Esc</source>
        <translation>Esc</translation>
    </message>
    <message>
        <source>Slices</source>
        <translation>切片</translation>
    </message>
    <message>
        <source>wheel, ↑ ↓, PgUp PgDn</source>
        <translation>滚轮、↑ ↓、PgUp PgDn</translation>
    </message>
    <message>
        <source>First and last slice</source>
        <translation>首张与末张切片</translation>
    </message>
    <message>
        <source>Home, End</source>
        <translation>Home、End</translation>
    </message>
    <message>
        <source>Zoom at the pointer</source>
        <translation>以指针为中心缩放</translation>
    </message>
    <message>
        <source>Ctrl + wheel</source>
        <translation>Ctrl + 滚轮</translation>
    </message>
    <message>
        <source>Move the image</source>
        <translation>平移图像</translation>
    </message>
    <message>
        <source>middle drag, Space + drag</source>
        <translation>中键拖动、空格 + 拖动</translation>
    </message>
    <message>
        <source>Window centre and width</source>
        <translation>窗位与窗宽</translation>
    </message>
    <message>
        <source>right drag</source>
        <translation>右键拖动</translation>
    </message>
    <message>
        <source>Crosshair with any tool</source>
        <translation>任意工具下移动十字线</translation>
    </message>
    <message>
        <source>Shift + click</source>
        <translation>Shift + 单击</translation>
    </message>
    <message>
        <source>One view fills the room</source>
        <translation>单个视图铺满</translation>
    </message>
    <message>
        <source>double click on its title</source>
        <translation>双击视图标题</translation>
    </message>
    <message>
        <source>Segment above</source>
        <translation>上一个分割区域</translation>
    </message>
    <message>
        <source>Segment below</source>
        <translation>下一个分割区域</translation>
    </message>
    <message>
        <source>Accept the proposal</source>
        <translation>接受建议</translation>
    </message>
    <message>
        <source>Reject the proposal</source>
        <translation>拒绝建议</translation>
    </message>
    <message>
        <source>De-identify DICOM files</source>
        <translation>DICOM 文件去标识</translation>
    </message>
    <message>
        <source>Export the approved cases as a data set</source>
        <translation>将已批准的病例导出为数据集</translation>
    </message>
    <message>
        <source>Next image: channel or time</source>
        <translation>下一幅图像：通道或时间</translation>
    </message>
    <message>
        <source>Previous image: channel or time</source>
        <translation>上一幅图像：通道或时间</translation>
    </message>
    <message>
        <source>What the active segment is: codes</source>
        <translation>当前分割的含义：编码</translation>
    </message>
    <message>
        <source>Inbox folder</source>
        <translation>收件文件夹</translation>
    </message>
    <message>
        <source>Look for moved studies</source>
        <translation>查找已移动的检查</translation>
    </message>
    <message>
        <source>Export the image</source>
        <translation>导出图像</translation>
    </message>
    <message>
        <source>Attach a mask file</source>
        <translation>附加掩膜文件</translation>
    </message>
    <message>
        <source>About this study</source>
        <translation>关于此检查</translation>
    </message>
    <message>
        <source>Propose by chosen models</source>
        <translation>用所选模型提出建议</translation>
    </message>
    <message>
        <source>Plan a training</source>
        <translation>规划训练</translation>
    </message>
    <message>
        <source>Judge a model on a pool</source>
        <translation>在数据池上评估模型</translation>
    </message>
    <message>
        <source>Compute: device and self-test</source>
        <translation>计算：设备与自检</translation>
    </message>
    <message>
        <source>Suggest the next case</source>
        <translation>推荐下一例</translation>
    </message>
    <message>
        <source>Look for suspicious regions</source>
        <translation>查找可疑区域</translation>
    </message>
    <message>
        <source>Next suspicious region</source>
        <translation>下一个可疑区域</translation>
    </message>
    <message>
        <source>Previous suspicious region</source>
        <translation>上一个可疑区域</translation>
    </message>
    <message>
        <source>Where the model sees the segment: Grad-CAM</source>
        <translation>模型从何处看到该分割区域：Grad-CAM</translation>
    </message>
    <message>
        <source>Where the model sees the segment: occlusion</source>
        <translation>模型从何处看到该分割区域：遮挡法</translation>
    </message>
</context>
<context>
    <name>annotomy::ModelListModel</name>
    <message>
        <source>from scratch</source>
        <translation>从头训练</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>From</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>Cases</source>
        <translation>病例数</translation>
    </message>
    <message>
        <source>Dice</source>
        <translation>Dice</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Made</source>
        <translation>生成时间</translation>
    </message>
</context>
<context>
    <name>annotomy::ModelPanel</name>
    <message>
        <source>MODEL</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>忽略</translation>
    </message>
    <message>
        <source>Propose  P</source>
        <translation>建议  P</translation>
    </message>
    <message>
        <source>Let the model propose a mask for the open case (P)</source>
        <translation>请模型为当前病例生成掩膜建议 (P)</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Train for</source>
        <translation>训练时长</translation>
    </message>
    <message>
        <source> min</source>
        <translation> 分钟</translation>
    </message>
    <message>
        <source>Minutes of training</source>
        <translation>训练分钟数</translation>
    </message>
    <message>
        <source>Training preset</source>
        <translation>训练预设</translation>
    </message>
    <message>
        <source>Models…</source>
        <translation>模型…</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>Standard</source>
        <translation>标准</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>轻量</translation>
    </message>
    <message>
        <source>Fine-tune</source>
        <translation>微调</translation>
    </message>
    <message>
        <source>Quick trial</source>
        <translation>快速试验</translation>
    </message>
    <message>
        <source>Automatic: fine-tunes the current model, or starts a standard one</source>
        <translation>自动：微调当前模型，若无则按标准方案训练</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>正在训练</translation>
    </message>
    <message>
        <source>Training cancelled</source>
        <translation>训练已取消</translation>
    </message>
    <message>
        <source>Retrain</source>
        <translation>重新训练</translation>
    </message>
    <message>
        <source>Train</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>No model yet</source>
        <translation>尚无模型</translation>
    </message>
    <message>
        <source>Approve a few cases, then train a first one.</source>
        <translation>请先批准几个病例，再训练第一个模型。</translation>
    </message>
    <message>
        <source>Dice %1</source>
        <translation>Dice %1</translation>
    </message>
    <message>
        <source>not measured</source>
        <translation>未测量</translation>
    </message>
    <message>
        <source>The training of %1 was interrupted after epoch %2.</source>
        <translation>%1 的训练在第 %2 轮后中断。</translation>
    </message>
    <message>
        <source>Planned for the data</source>
        <translation>按数据规划</translation>
    </message>
    <message>
        <source>Progress…</source>
        <translation>进展…</translation>
    </message>
    <message>
        <source>Learning curve and correction cost over all models</source>
        <translation>所有模型的学习曲线和修正成本</translation>
    </message>
</context>
<context>
    <name>annotomy::ModelExportDialog</name>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Export %1</source>
        <translation>导出 %1</translation>
    </message>
    <message>
        <source>Exporting a model</source>
        <translation>正在导出模型</translation>
    </message>
    <message>
        <source>One TorchScript file with the model's card inside. It holds no images and no patient data.</source>
        <translation>单个 TorchScript 文件，内含模型卡片，不含任何图像或患者数据。</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>替换</translation>
    </message>
    <message>
        <source>This file exists. Press Replace to write over it.</source>
        <translation>该文件已存在。按“替换”将其覆盖。</translation>
    </message>
    <message>
        <source>TorchScript models (*.pt)</source>
        <translation>TorchScript 模型 (*.pt)</translation>
    </message>
    <message>
        <source>Written: %1</source>
        <translation>已写入：%1</translation>
    </message>
</context>
<context>
    <name>annotomy::ModelImportDialog</name>
    <message>
        <source>A TorchScript model, a MONAI bundle exported as one, or weights alone. It becomes a candidate: the current model stays what it is.</source>
        <translation>TorchScript 模型、导出为 TorchScript 的 MONAI bundle，或仅有权重的文件。导入后为候选模型：当前模型保持不变。</translation>
    </message>
    <message>
        <source>As the model calls itself</source>
        <translation>沿用模型自带的名称</translation>
    </message>
    <message>
        <source>Browse…</source>
        <translation>浏览…</translation>
    </message>
    <message>
        <source>Card, for what the model does not say</source>
        <translation>卡片：模型文件未说明的内容</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>导入</translation>
    </message>
    <message>
        <source>Import a model</source>
        <translation>导入模型</translation>
    </message>
    <message>
        <source>Importing a model</source>
        <translation>正在导入模型</translation>
    </message>
    <message>
        <source>JSON files (*.json)</source>
        <translation>JSON 文件 (*.json)</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Models (*.pt *.ts *.pth *.safetensors);;All files (*)</source>
        <translation>模型 (*.pt *.ts *.pth *.safetensors);;所有文件 (*)</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Names of the classes</source>
        <translation>类别名称</translation>
    </message>
    <message>
        <source>Network, for weights alone</source>
        <translation>网络结构：仅有权重时需要</translation>
    </message>
    <message>
        <source>%1 is here; it finds %2.</source>
        <translation>%1 已导入；它能找到 %2。</translation>
    </message>
</context>
<context>
    <name>annotomy::ModelsDialog</name>
    <message>
        <source>Export model…</source>
        <translation>导出模型…</translation>
    </message>
    <message>
        <source>Import model…</source>
        <translation>导入模型…</translation>
    </message>
    <message>
        <source>Make current</source>
        <translation>设为当前</translation>
    </message>
    <message>
        <source>Roll back</source>
        <translation>回退</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Reason, kept with the decision</source>
        <translation>理由（随决定一并保存）</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>理由</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>No model yet: approve a few cases, then train.</source>
        <translation>尚无模型：请先批准几个病例，再进行训练。</translation>
    </message>
    <message>
        <source>This model was never compared with another one.</source>
        <translation>此模型从未与其他模型比较。</translation>
    </message>
    <message>
        <source>Make %1 current again</source>
        <translation>将 %1 重新设为当前模型</translation>
    </message>
    <message>
        <source>There is no former model</source>
        <translation>没有先前的模型</translation>
    </message>
</context>
<context>
    <name>annotomy::NoticeArea</name>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>annotomy::PanelText</name>
    <message>
        <source>%1 mm</source>
        <translation>%1 mm</translation>
    </message>
    <message>
        <source>%1 ml</source>
        <translation>%1 ml</translation>
    </message>
    <message>
        <source>%1 s left</source>
        <translation>剩余 %1 秒</translation>
    </message>
    <message>
        <source>%1 min left</source>
        <translation>剩余 %1 分钟</translation>
    </message>
    <message>
        <source>%1 h %2 min left</source>
        <translation>剩余 %1 小时 %2 分钟</translation>
    </message>
    <message>
        <source>Reading headers</source>
        <translation>正在读取文件头</translation>
    </message>
    <message>
        <source>Copying files</source>
        <translation>正在复制文件</translation>
    </message>
    <message>
        <source>Recording cases</source>
        <translation>正在登记病例</translation>
    </message>
    <message>
        <source>Reading masks</source>
        <translation>正在读取掩膜</translation>
    </message>
    <message>
        <source>Making thumbnails</source>
        <translation>正在生成缩略图</translation>
    </message>
    <message>
        <source>Decoding images</source>
        <translation>正在解码图像</translation>
    </message>
    <message>
        <source>Loading</source>
        <translation>正在载入</translation>
    </message>
    <message>
        <source>Preparing</source>
        <translation>正在准备</translation>
    </message>
    <message>
        <source>Planning</source>
        <translation>正在规划</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>正在训练</translation>
    </message>
    <message>
        <source>Sending files</source>
        <translation>正在发送文件</translation>
    </message>
    <message>
        <source>Validating</source>
        <translation>正在验证</translation>
    </message>
    <message>
        <source>Comparing with the current model</source>
        <translation>正在与当前模型比较</translation>
    </message>
    <message>
        <source>Proposing</source>
        <translation>正在生成建议</translation>
    </message>
    <message>
        <source>Saving</source>
        <translation>正在保存</translation>
    </message>
    <message>
        <source>Comparing</source>
        <translation>正在比较</translation>
    </message>
    <message>
        <source>Starting</source>
        <translation>正在启动</translation>
    </message>
    <message>
        <source>slices are missing</source>
        <translation>缺少切片</translation>
    </message>
    <message>
        <source>slices cannot be decoded</source>
        <translation>切片无法解码</translation>
    </message>
    <message>
        <source>slices occur twice</source>
        <translation>切片重复</translation>
    </message>
    <message>
        <source>slice spacing is uneven</source>
        <translation>切片间距不均匀</translation>
    </message>
    <message>
        <source>gantry is tilted</source>
        <translation>机架倾斜</translation>
    </message>
    <message>
        <source>pixel spacing differs</source>
        <translation>像素间距不一致</translation>
    </message>
    <message>
        <source>orientation unknown</source>
        <translation>方位未知</translation>
    </message>
    <message>
        <source>a single slice</source>
        <translation>仅单张切片</translation>
    </message>
    <message>
        <source>a localiser</source>
        <translation>定位像</translation>
    </message>
    <message>
        <source>several time points</source>
        <translation>多个时间点</translation>
    </message>
    <message>
        <source>several orientations in one series</source>
        <translation>同一序列中有多个方向</translation>
    </message>
    <message>
        <source>voxel size unknown</source>
        <translation>体素大小未知</translation>
    </message>
    <message>
        <source>position in the file unusable</source>
        <translation>文件中的位置信息不可用</translation>
    </message>
    <message>
        <source>two positions in the file disagree</source>
        <translation>文件中的两个位置信息不一致</translation>
    </message>
    <message>
        <source>images were not copied</source>
        <translation>图像未被复制</translation>
    </message>
    <message>
        <source>no SUV: the header does not allow it</source>
        <translation>无 SUV：文件头信息不足</translation>
    </message>
    <message>
        <source>place in the patient unknown</source>
        <translation>在患者体内的位置未知</translation>
    </message>
    <message>
        <source>resampled onto an even grid</source>
        <translation>已重采样到均匀网格</translation>
    </message>
    <message>
        <source>slice spacing changes</source>
        <translation>层间距有变化</translation>
    </message>
    <message>
        <source>values are SUV by body weight</source>
        <translation>数值为按体重计算的 SUV</translation>
    </message>
    <message>
        <source>voxel size is the detector&apos;s</source>
        <translation>体素大小为探测器平面的大小</translation>
    </message>
    <message>
        <source>%1 files/s</source>
        <translation>每秒 %1 个文件</translation>
    </message>
    <message>
        <source>%1 of %2 files</source>
        <translation>%1 / %2 个文件</translation>
    </message>
    <message>
        <source>De-identifying</source>
        <translation>正在去标识</translation>
    </message>
    <message>
        <source>Exporting</source>
        <translation>正在导出</translation>
    </message>
    <message>
        <source>Searching</source>
        <translation>正在查找</translation>
    </message>
    <message>
        <source>Calibrating</source>
        <translation>正在校准</translation>
    </message>
    <message>
        <source>Adding up the work</source>
        <translation>正在统计工作量</translation>
    </message>
    <message>
        <source>Testing the devices</source>
        <translation>正在测试设备</translation>
    </message>
    <message>
        <source>Looking at images</source>
        <translation>查看图像</translation>
    </message>
    <message>
        <source>Explaining</source>
        <translation>正在解释</translation>
    </message>
</context>
<context>
    <name>annotomy::ProposalBar</name>
    <message>
        <source>no change, %1</source>
        <translation>无变化，%1</translation>
    </message>
    <message>
        <source>%1 where nothing is marked yet</source>
        <translation>在未标注处 %1</translation>
    </message>
    <message>
        <source>%1, %2, Dice to yours %3</source>
        <translation>%1，%2，与您的掩膜 Dice %3</translation>
    </message>
    <message>
        <source>Show difference</source>
        <translation>显示差异</translation>
    </message>
    <message>
        <source>%1 proposes:</source>
        <translation>%1 建议：</translation>
    </message>
    <message>
        <source>Measuring the proposal</source>
        <translation>正在测量建议</translation>
    </message>
    <message>
        <source>Reject  X</source>
        <translation>拒绝  X</translation>
    </message>
    <message>
        <source>Accept  Y</source>
        <translation>接受  Y</translation>
    </message>
</context>
<context>
    <name>annotomy::RelinkDialog</name>
    <message>
        <source>Point to moved files</source>
        <translation>重新定位文件</translation>
    </message>
    <message>
        <source>Choose the folder where this study lies now. Masks and history stay as they are.</source>
        <translation>请选择此检查现在所在的文件夹。掩膜和历史记录保持不变。</translation>
    </message>
    <message>
        <source>New folder</source>
        <translation>新文件夹</translation>
    </message>
    <message>
        <source>Use this folder</source>
        <translation>使用此文件夹</translation>
    </message>
    <message>
        <source>Looking for the study</source>
        <translation>正在查找检查</translation>
    </message>
    <message>
        <source>%1 cases found again, %2 still missing</source>
        <translation>重新找到 %1 个病例，仍缺少 %2 个</translation>
    </message>
    <message>
        <source>Choose the folder to which studies were moved. Masks and history stay as they are.</source>
        <translation>请选择检查移动到的文件夹。掩膜和历史保持不变。</translation>
    </message>
    <message>
        <source>Look there for every case whose files are missing</source>
        <translation>在该处查找所有缺少文件的病例</translation>
    </message>
    <message>
        <source>Looking for moved studies</source>
        <translation>正在查找已移动的检查</translation>
    </message>
    <message>
        <source>Nothing is missing.</source>
        <translation>没有缺少的文件。</translation>
    </message>
    <message>
        <source>%1 cases found again; nothing is missing any more.</source>
        <translation>重新找到 %1 个病例；已不缺少任何文件。</translation>
    </message>
</context>
<context>
    <name>annotomy::RevisionListModel</name>
    <message>
        <source>file %1</source>
        <translation>文件 %1</translation>
    </message>
    <message>
        <source>present</source>
        <translation>当前</translation>
    </message>
    <message>
        <source>present · %1</source>
        <translation>当前 · %1</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>By</source>
        <translation>作者</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>Approved by</source>
        <translation>批准人</translation>
    </message>
</context>
<context>
    <name>annotomy::RevisionsDialog</name>
    <message>
        <source>Revert to</source>
        <translation>恢复到此版</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>对比</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Revisions</source>
        <translation>修订历史</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Revisions of %1</source>
        <translation>%1 的修订历史</translation>
    </message>
    <message>
        <source>Nothing has been saved yet.</source>
        <translation>尚未保存任何内容。</translation>
    </message>
    <message>
        <source>Open the case to revert to a revision or to compare with it.</source>
        <translation>请先打开病例，再恢复或对比修订版。</translation>
    </message>
    <message>
        <source>Reverting is an edit: it can be undone, and nothing is lost.</source>
        <translation>恢复也是一次编辑：可以撤销，不会丢失任何内容。</translation>
    </message>
</context>
<context>
    <name>annotomy::SegmentFiguresModel</name>
    <message>
        <source>95th percentile of the distances between the surfaces, mm</source>
        <translation>表面间距离的第 95 百分位数 (mm)</translation>
    </message>
    <message>
        <source>Segment</source>
        <translation>分割区域</translation>
    </message>
    <message>
        <source>ml</source>
        <translation>ml</translation>
    </message>
    <message>
        <source>Dice</source>
        <translation>Dice</translation>
    </message>
    <message>
        <source>HD95</source>
        <translation>HD95</translation>
    </message>
</context>
<context>
    <name>annotomy::SegmentModel</name>
    <message>
        <source>Change the colour</source>
        <translation>更改颜色</translation>
    </message>
    <message>
        <source>Hide</source>
        <translation>隐藏</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>Unlock</source>
        <translation>解锁</translation>
    </message>
    <message>
        <source>Lock: no tool changes it</source>
        <translation>锁定：任何工具都不会更改它</translation>
    </message>
    <message>
        <source>%1 ml</source>
        <translation>%1 ml</translation>
    </message>
    <message>
        <source>Number</source>
        <translation>编号</translation>
    </message>
    <message>
        <source>Colour</source>
        <translation>颜色</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Volume</source>
        <translation>体积</translation>
    </message>
    <message>
        <source>Visible</source>
        <translation>可见</translation>
    </message>
    <message>
        <source>Locked</source>
        <translation>锁定</translation>
    </message>
    <message>
        <source>Not to be measured: the image&apos;s voxels do not tell true lengths</source>
        <translation>不可测量：图像体素不代表真实长度</translation>
    </message>
    <message>
        <source>≈ %1 ml</source>
        <translation>≈ %1 ml</translation>
    </message>
</context>
<context>
    <name>annotomy::SegmentPanel</name>
    <message>
        <source>Add a segment</source>
        <translation>添加分割区域</translation>
    </message>
    <message>
        <source>Delete the segment with its voxels</source>
        <translation>删除分割区域及其体素</translation>
    </message>
    <message>
        <source>SEGMENTS</source>
        <translation>分割区域</translation>
    </message>
    <message>
        <source>Segments</source>
        <translation>分割区域</translation>
    </message>
    <message>
        <source>No segments yet. Paint, or press + to name the first one.</source>
        <translation>尚无分割区域。直接绘制，或按 + 命名第一个区域。</translation>
    </message>
    <message>
        <source>Segment colour</source>
        <translation>区域颜色</translation>
    </message>
    <message>
        <source>Segment %1</source>
        <translation>区域 %1</translation>
    </message>
    <message>
        <source>Delete with its voxels</source>
        <translation>连同体素删除</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>重命名</translation>
    </message>
    <message>
        <source>What it is: codes…</source>
        <translation>含义：编码…</translation>
    </message>
</context>
<context>
    <name>annotomy::ShortcutSheet</name>
    <message>
        <source>Keys and mouse</source>
        <translation>按键与鼠标</translation>
    </message>
    <message>
        <source>Any key closes this sheet</source>
        <translation>按任意键关闭</translation>
    </message>
    <message>
        <source>Segments of the list</source>
        <translation>列表中的区域</translation>
    </message>
</context>
<context>
    <name>annotomy::SliceFurniture</name>
    <message>
        <source>AXIAL</source>
        <translation>轴位</translation>
    </message>
    <message>
        <source>CORONAL</source>
        <translation>冠状位</translation>
    </message>
    <message>
        <source>SAGITTAL</source>
        <translation>矢状位</translation>
    </message>
    <message>
        <source>C %1 W %2</source>
        <translation>窗位 %1 窗宽 %2</translation>
    </message>
    <message>
        <source>×%1</source>
        <translation>×%1</translation>
    </message>
    <message>
        <source>slice %1</source>
        <translation>切片 %1</translation>
    </message>
    <message>
        <source>value %1</source>
        <translation>值 %1</translation>
    </message>
    <message>
        <source>S %1 mm</source>
        <translation>S %1 mm</translation>
    </message>
    <message>
        <source>A %1 mm</source>
        <translation>A %1 mm</translation>
    </message>
    <message>
        <source>L %1 mm</source>
        <translation>L %1 mm</translation>
    </message>
    <message>
        <source>%1 mm</source>
        <translation>%1 mm</translation>
    </message>
</context>
<context>
    <name>annotomy::StatusBar</name>
    <message>
        <source>Compute: NVIDIA device</source>
        <translation>计算：NVIDIA 设备</translation>
    </message>
    <message>
        <source>Compute: CPU (no NVIDIA device)</source>
        <translation>计算：CPU（无 NVIDIA 设备）</translation>
    </message>
    <message>
        <source>Retry</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Export the mask…</source>
        <translation>导出掩膜…</translation>
    </message>
    <message>
        <source>Not for diagnosis</source>
        <translation>不得用于诊断</translation>
    </message>
    <message>
        <source>? shortcuts</source>
        <translation>? 快捷键</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Every stroke saved · %1</source>
        <translation>所有笔画已保存 · %1</translation>
    </message>
    <message>
        <source>Every stroke saved</source>
        <translation>所有笔画已保存</translation>
    </message>
    <message>
        <source>Read only</source>
        <translation>只读</translation>
    </message>
    <message>
        <source>Saving the stroke…</source>
        <translation>正在保存笔画…</translation>
    </message>
    <message>
        <source>The last stroke could not be saved: painting has stopped</source>
        <translation>最近的笔画未能保存：已停止绘制</translation>
    </message>
    <message>
        <source>Worker: starting</source>
        <translation>工作进程：正在启动</translation>
    </message>
    <message>
        <source>%1 of %2 GB</source>
        <translation>%1 / %2 GB</translation>
    </message>
    <message>
        <source>Worker: training, %1</source>
        <translation>工作进程：正在训练，%1</translation>
    </message>
    <message>
        <source>Worker: proposing, %1</source>
        <translation>工作进程：正在生成建议，%1</translation>
    </message>
    <message>
        <source>Worker: idle</source>
        <translation>工作进程：空闲</translation>
    </message>
</context>
<context>
    <name>annotomy::SurfacePane</name>
    <message>
        <source>3-D</source>
        <translation>三维</translation>
    </message>
    <message>
        <source>The 3-D view needs OpenGL 3.2, which this display does not offer. Slices and editing work without it.</source>
        <translation>三维视图需要 OpenGL 3.2，当前显示环境不支持。切片显示与编辑不受影响。</translation>
    </message>
</context>
<context>
    <name>annotomy::SurfaceScene</name>
    <message>
        <source>3-D</source>
        <translation>三维</translation>
    </message>
    <message>
        <source>No segment to show</source>
        <translation>没有可显示的区域</translation>
    </message>
    <message>
        <source>1 segment · %1 ml</source>
        <translation>1 个区域 · %1 ml</translation>
    </message>
    <message>
        <source>%1 segments · %2 ml</source>
        <translation>%1 个区域 · %2 ml</translation>
    </message>
</context>
<context>
    <name>annotomy::ToolBar</name>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>重做</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Approve  Ctrl ⏎</source>
        <translation>批准  Ctrl ⏎</translation>
    </message>
    <message>
        <source>Studies</source>
        <translation>检查</translation>
    </message>
</context>
<context>
    <name>annotomy::ToolController</name>
    <message>
        <source>Filling</source>
        <translation>正在填充</translation>
    </message>
    <message>
        <source>Thresholding</source>
        <translation>正在阈值分割</translation>
    </message>
    <message>
        <source>This image is still being brought onto the mask&apos;s grid: try again in a moment.</source>
        <translation>该图像仍在重采样到掩膜网格：请稍后再试。</translation>
    </message>
</context>
<context>
    <name>annotomy::ToolPanel</name>
    <message>
        <source>Disc</source>
        <translation>圆盘</translation>
    </message>
    <message>
        <source>Ball</source>
        <translation>球体</translation>
    </message>
    <message>
        <source>Shape</source>
        <translation>形状</translation>
    </message>
    <message>
        <source> mm</source>
        <translation> mm</translation>
    </message>
    <message>
        <source>Diameter</source>
        <translation>直径</translation>
    </message>
    <message>
        <source>Values</source>
        <translation>数值</translation>
    </message>
    <message>
        <source>Tolerance</source>
        <translation>容差</translation>
    </message>
    <message>
        <source>2-D slice</source>
        <translation>二维切片</translation>
    </message>
    <message>
        <source>3-D volume</source>
        <translation>三维体积</translation>
    </message>
    <message>
        <source>Reach</source>
        <translation>范围</translation>
    </message>
    <message>
        <source>Apply to the active segment</source>
        <translation>应用到当前区域</translation>
    </message>
    <message>
        <source>All</source>
        <translation>所有体素</translation>
    </message>
    <message>
        <source>Empty</source>
        <translation>空白处</translation>
    </message>
    <message>
        <source>Locked segments are never painted over.</source>
        <translation>锁定的区域不会被覆盖。</translation>
    </message>
    <message>
        <source>Paint over</source>
        <translation>覆盖</translation>
    </message>
    <message>
        <source>Only values</source>
        <translation>仅限数值</translation>
    </message>
    <message>
        <source>Only values from</source>
        <translation>数值下限</translation>
    </message>
    <message>
        <source>Only values up to</source>
        <translation>数值上限</translation>
    </message>
    <message>
        <source>Click where to begin: what is connected and of similar value is painted.</source>
        <translation>单击起点：与之相连且数值相近的体素将被填充。</translation>
    </message>
    <message>
        <source>Drag with the left button to move the crosshair in all planes.</source>
        <translation>按住左键拖动，可在所有平面中移动十字线。</translation>
    </message>
    <message>
        <source>Image values</source>
        <translation>图像值</translation>
    </message>
    <message>
        <source>Image values in %1</source>
        <translation>图像值（%1）</translation>
    </message>
    <message>
        <source>Values from</source>
        <translation>像素值下限</translation>
    </message>
    <message>
        <source>Values up to</source>
        <translation>像素值上限</translation>
    </message>
</context>
<context>
    <name>annotomy::UserChip</name>
    <message>
        <source>Who is reading?</source>
        <translation>阅片者是谁？</translation>
    </message>
    <message>
        <source>Approvals need a name</source>
        <translation>批准需要署名</translation>
    </message>
    <message>
        <source>Reading as %1. Click to change.</source>
        <translation>当前阅片者：%1。单击更改。</translation>
    </message>
</context>
<context>
    <name>annotomy::UserDialog</name>
    <message>
        <source>Continue</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Who is reading?</source>
        <translation>阅片者是谁？</translation>
    </message>
    <message>
        <source>Strokes, revisions and approvals carry this name.</source>
        <translation>笔画、修订和批准都将记录此姓名。</translation>
    </message>
    <message>
        <source>Your name</source>
        <translation>您的姓名</translation>
    </message>
    <message>
        <source>Known readers</source>
        <translation>已有阅片者</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>annotomy::WorklistPanel</name>
    <message>
        <source>Search patients, studies…</source>
        <translation>搜索患者、检查…</translation>
    </message>
    <message>
        <source>Search the worklist</source>
        <translation>搜索工作列表</translation>
    </message>
    <message>
        <source>Worklist</source>
        <translation>工作列表</translation>
    </message>
    <message>
        <source>Import images…</source>
        <translation>导入图像…</translation>
    </message>
    <message>
        <source>All</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>待处理</translation>
    </message>
    <message>
        <source>Proposed</source>
        <translation>已建议</translation>
    </message>
    <message>
        <source>In work</source>
        <translation>进行中</translation>
    </message>
    <message>
        <source>Approved</source>
        <translation>已批准</translation>
    </message>
    <message>
        <source>No cases yet. Import a folder with CT or MR studies, or drop it on this window.</source>
        <translation>尚无病例。请导入包含 CT 或 MR 检查的文件夹，或将其拖放到本窗口。</translation>
    </message>
    <message>
        <source>No case matches.</source>
        <translation>没有匹配的病例。</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Revisions…</source>
        <translation>修订历史…</translation>
    </message>
    <message>
        <source>Export mask…</source>
        <translation>导出掩膜…</translation>
    </message>
    <message>
        <source>Point to moved files…</source>
        <translation>重新定位文件…</translation>
    </message>
    <message>
        <source>Import again on an even grid</source>
        <translation>以均匀网格重新导入</translation>
    </message>
    <message>
        <source>Importing on an even grid</source>
        <translation>正在以均匀网格导入</translation>
    </message>
    <message>
        <source>Attach a mask…</source>
        <translation>附加掩膜…</translation>
    </message>
</context>
<context>
    <name>annotomy::ComparisonBar</name>
    <message>
        <source>only in the other</source>
        <translation>仅在对比版本中</translation>
    </message>
    <message>
        <source>only in yours</source>
        <translation>仅在您的标注中</translation>
    </message>
    <message>
        <source>End the comparison</source>
        <translation>结束对比</translation>
    </message>
    <message>
        <source>Compared with: %1</source>
        <translation>对比：%1</translation>
    </message>
</context>
<context>
    <name>annotomy::SaveFileField</name>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Browse…</source>
        <translation>浏览…</translation>
    </message>
</context>
<context>
    <name>annotomy::AttachDialog</name>
    <message>
        <source>Attach a mask to %1</source>
        <translation>为 %1 附加掩膜</translation>
    </message>
    <message>
        <source>DICOM SEG and RTSTRUCT, overlay planes of DICOM images, NIfTI, NRRD (Slicer&apos;s segmentations, too), MetaImage, and LIDC&apos;s XML annotations that were made on this image. Undo takes the mask back; locked segments stay.</source>
        <translation>可附加在此图像上制作的 DICOM SEG 和 RTSTRUCT、DICOM 图像的覆盖层、NIfTI、NRRD（包括 Slicer 的分割）、MetaImage 以及 LIDC 的 XML 标注。撤销可取消附加；已锁定的分割区域保持不变。</translation>
    </message>
    <message>
        <source>Mask file</source>
        <translation>掩膜文件</translation>
    </message>
    <message>
        <source>Browse…</source>
        <translation>浏览…</translation>
    </message>
    <message>
        <source>Attach</source>
        <translation>附加</translation>
    </message>
    <message>
        <source>Masks</source>
        <translation>掩膜</translation>
    </message>
    <message>
        <source>All files</source>
        <translation>所有文件</translation>
    </message>
    <message>
        <source>Attaching a mask</source>
        <translation>正在附加掩膜</translation>
    </message>
    <message>
        <source>Attached as revision %1</source>
        <translation>已附加为修订版 %1</translation>
    </message>
</context>
<context>
    <name>annotomy::ImageExportDialog</name>
    <message>
        <source>Export the image of %1</source>
        <translation>导出 %1 的图像</translation>
    </message>
    <message>
        <source>Image</source>
        <translation>图像</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>格式</translation>
    </message>
    <message>
        <source>The values and the place in the patient are kept, and nothing else of the header.</source>
        <translation>保留体素值及其在患者体内的位置，不保留文件头的其他内容。</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>This file exists. Press Replace to write over it.</source>
        <translation>该文件已存在。按“替换”以覆盖。</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>替换</translation>
    </message>
    <message>
        <source>Exporting the image</source>
        <translation>正在导出图像</translation>
    </message>
    <message>
        <source>Written: %1</source>
        <translation>已写入：%1</translation>
    </message>
</context>
<context>
    <name>annotomy::StudyDialog</name>
    <message>
        <source>About the study of %1</source>
        <translation>关于 %1 的检查</translation>
    </message>
    <message>
        <source>What is known of the images</source>
        <translation>图像的已知信息</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>annotomy::StudyFacts</name>
    <message>
        <source>Warning</source>
        <translation>警告</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>说明</translation>
    </message>
    <message>
        <source>Patient</source>
        <translation>患者</translation>
    </message>
    <message>
        <source>Patient ID</source>
        <translation>患者 ID</translation>
    </message>
    <message>
        <source>Study</source>
        <translation>检查</translation>
    </message>
    <message>
        <source>Study date</source>
        <translation>检查日期</translation>
    </message>
    <message>
        <source>Series</source>
        <translation>序列</translation>
    </message>
    <message>
        <source>Series number</source>
        <translation>序列号</translation>
    </message>
    <message>
        <source>Modality</source>
        <translation>模态</translation>
    </message>
    <message>
        <source>Voxels</source>
        <translation>体素</translation>
    </message>
    <message>
        <source>Spacing</source>
        <translation>间距</translation>
    </message>
    <message>
        <source>%1 mm</source>
        <translation>%1 mm</translation>
    </message>
    <message>
        <source>First voxel</source>
        <translation>首个体素</translation>
    </message>
    <message>
        <source>%1 mm (LPS)</source>
        <translation>%1 mm（LPS）</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>格式</translation>
    </message>
    <message>
        <source>transfer syntax %1</source>
        <translation>传输语法 %1</translation>
    </message>
    <message>
        <source>Files</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>%1 in %2</source>
        <translation>%1 个，位于 %2</translation>
    </message>
    <message>
        <source>Series UID</source>
        <translation>序列 UID</translation>
    </message>
    <message>
        <source>Frame of reference</source>
        <translation>参考坐标系</translation>
    </message>
</context>
<context>
    <name>annotomy::ModelChoice</name>
    <message>
        <source>Average over mirror images (slower)</source>
        <translation>对镜像结果取平均（较慢）</translation>
    </message>
    <message>
        <source>Models; several become one</source>
        <translation>模型；可选多个合并使用</translation>
    </message>
    <message>
        <source>Models that propose</source>
        <translation>给出建议的模型</translation>
    </message>
    <message>
        <source>Mean of their probabilities</source>
        <translation>概率平均</translation>
    </message>
    <message>
        <source>Vote</source>
        <translation>投票</translation>
    </message>
    <message>
        <source>STAPLE: by their reliability</source>
        <translation>STAPLE：按可靠度</translation>
    </message>
    <message>
        <source>How several models become one</source>
        <translation>多个模型的合并方式</translation>
    </message>
    <message>
        <source>Together</source>
        <translation>合并方式</translation>
    </message>
    <message>
        <source>Dice %1</source>
        <translation>Dice %1</translation>
    </message>
    <message>
        <source>not measured</source>
        <translation>未评估</translation>
    </message>
    <message>
        <source>%1 · %2 · in use</source>
        <translation>%1 · %2 · 使用中</translation>
    </message>
    <message>
        <source>%1 · %2</source>
        <translation>%1 · %2</translation>
    </message>
    <message>
        <source>No chosen model was trained on mirror images.</source>
        <translation>所选模型均未用镜像图像训练。</translation>
    </message>
</context>
<context>
    <name>annotomy::ProposeDialog</name>
    <message>
        <source>Write the probability map</source>
        <translation>写出概率图</translation>
    </message>
    <message>
        <source>Write the uncertainty map</source>
        <translation>写出不确定性图</translation>
    </message>
    <message>
        <source>Propose for %1</source>
        <translation>为 %1 提出建议</translation>
    </message>
    <message>
        <source>One minus the background&apos;s probability, as NIfTI among the exports</source>
        <translation>1 减去背景概率，以 NIfTI 写入导出文件夹</translation>
    </message>
    <message>
        <source>The entropy of the classes in nats, as NIfTI among the exports</source>
        <translation>各类别的熵（nat），以 NIfTI 写入导出文件夹</translation>
    </message>
    <message>
        <source>Propose</source>
        <translation>提出建议</translation>
    </message>
    <message>
        <source>Choose at least one model.</source>
        <translation>请至少选择一个模型。</translation>
    </message>
    <message>
        <source>Proposing</source>
        <translation>正在提出建议</translation>
    </message>
    <message>
        <source>Written: %1</source>
        <translation>已写入：%1</translation>
    </message>
</context>
<context>
    <name>annotomy::PlanDialog</name>
    <message>
        <source>Plan a training</source>
        <translation>规划训练</translation>
    </message>
    <message>
        <source>Looks at the approved cases and at this machine, and chooses network, patch and steps for the time and the memory that you give.</source>
        <translation>查看已批准的病例和本机，按给定的时间和内存选择网络、图块和步数。</translation>
    </message>
    <message>
        <source> min</source>
        <translation> 分钟</translation>
    </message>
    <message>
        <source>what is free</source>
        <translation>可用内存</translation>
    </message>
    <message>
        <source> GB</source>
        <translation> GB</translation>
    </message>
    <message>
        <source>Train for</source>
        <translation>训练时长</translation>
    </message>
    <message>
        <source>Memory at most</source>
        <translation>内存上限</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>规划</translation>
    </message>
    <message>
        <source>Planning a training</source>
        <translation>正在规划训练</translation>
    </message>
    <message>
        <source>Cases that teach or validate: %1.</source>
        <translation>用于训练或验证的病例：%1。</translation>
    </message>
    <message>
        <source>Network of %1 levels and %2 channels; patches of %3 × %4 × %5 voxels of %6 × %7 × %8 mm.</source>
        <translation>网络 %1 层、%2 通道；图块 %3 × %4 × %5 体素，体素 %6 × %7 × %8 mm。</translation>
    </message>
    <message>
        <source>About %1 steps of %2 s; %3 GB of memory.</source>
        <translation>约 %1 步，每步 %2 秒；需内存 %3 GB。</translation>
    </message>
    <message>
        <source>Train</source>
        <translation>训练</translation>
    </message>
</context>
<context>
    <name>annotomy::EvaluationDialog</name>
    <message>
        <source>Validation</source>
        <translation>验证</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>测试</translation>
    </message>
    <message>
        <source>Folder for the report</source>
        <translation>报告文件夹</translation>
    </message>
    <message>
        <source>Open the report</source>
        <translation>打开报告</translation>
    </message>
    <message>
        <source>Judge a model</source>
        <translation>评估模型</translation>
    </message>
    <message>
        <source>The model proposes on every approved case of the pool; overlap, distances and volumes are written as HTML, PDF, CSV and JSON.</source>
        <translation>模型对该池中每个已批准的病例提出建议；重叠、距离和体积写为 HTML、PDF、CSV 和 JSON。</translation>
    </message>
    <message>
        <source>Pool</source>
        <translation>数据池</translation>
    </message>
    <message>
        <source>Judge</source>
        <translation>评估</translation>
    </message>
    <message>
        <source>Choose at least one model.</source>
        <translation>请至少选择一个模型。</translation>
    </message>
    <message>
        <source>Choose a folder for the report.</source>
        <translation>请选择报告文件夹。</translation>
    </message>
    <message>
        <source>Judging a model</source>
        <translation>正在评估模型</translation>
    </message>
    <message>
        <source>Cases judged: %1; the report lies in %2.</source>
        <translation>已评估病例：%1；报告位于 %2。</translation>
    </message>
</context>
<context>
    <name>annotomy::ProgressDialog</name>
    <message>
        <source>Progress</source>
        <translation>进展</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>LEARNING CURVE</source>
        <translation>学习曲线</translation>
    </message>
    <message>
        <source>CORRECTION COST</source>
        <translation>修正成本</translation>
    </message>
    <message>
        <source>Validation Dice</source>
        <translation>验证集 Dice</translation>
    </message>
    <message>
        <source>training cases</source>
        <translation>训练病例</translation>
    </message>
    <message>
        <source>plateau %1</source>
        <translation>平台值 %1</translation>
    </message>
    <message>
        <source>by hand</source>
        <translation>手工</translation>
    </message>
    <message>
        <source>median of each model's cases</source>
        <translation>各模型病例的中位数</translation>
    </message>
    <message>
        <source>case %1</source>
        <translation>病例 %1</translation>
    </message>
    <message>
        <source>Strokes</source>
        <translation>笔画</translation>
    </message>
    <message>
        <source>Seconds of work</source>
        <translation>工作秒数</translation>
    </message>
    <message>
        <source>Changed voxels</source>
        <translation>更改的体素</translation>
    </message>
    <message>
        <source>Dice of the proposal</source>
        <translation>建议的 Dice</translation>
    </message>
    <message>
        <source>Seconds</source>
        <translation>秒</translation>
    </message>
    <message>
        <source>Voxels</source>
        <translation>体素</translation>
    </message>
    <message>
        <source>Dice</source>
        <translation>Dice</translation>
    </message>
    <message>
        <source>No model has been measured on the validation pool yet.</source>
        <translation>尚无模型在验证集上评估过。</translation>
    </message>
    <message>
        <source>No case that was drawn or corrected here has been approved yet.</source>
        <translation>尚无在此绘制或修正的病例获批准。</translation>
    </message>
    <message>
        <source>Up to the first sign-off. A pause counts for %1 s at most.</source>
        <translation>截至首次签核。停顿最多计 %1 秒。</translation>
    </message>
</context>
<context>
    <name>annotomy::ComputeDialog</name>
    <message>
        <source>Compute</source>
        <translation>计算</translation>
    </message>
    <message>
        <source>What models learn and run with on this machine.</source>
        <translation>模型在本机上训练和运行所用的设备。</translation>
    </message>
    <message>
        <source>Self-test</source>
        <translation>自检</translation>
    </message>
    <message>
        <source>Runs and trains a small network on each device and compares it with the CPU</source>
        <translation>在每个设备上运行并训练一个小网络，并与 CPU 的结果比较</translation>
    </message>
    <message>
        <source>Looking at the devices</source>
        <translation>正在查看设备</translation>
    </message>
</context>
<context>
    <name>annotomy::ComputeFacts</name>
    <message>
        <source>%1, of which %2 are free</source>
        <translation>%1，其中 %2 可用</translation>
    </message>
    <message>
        <source>%1 billion multiplications a second in training</source>
        <translation>训练时每秒 %1×10⁹ 次乘法</translation>
    </message>
    <message>
        <source>not measured yet: run the self-test</source>
        <translation>尚未测量：请运行自检</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>Does not work</source>
        <translation>无法工作</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>速度</translation>
    </message>
    <message>
        <source>GPU: %1</source>
        <translation>GPU：%1</translation>
    </message>
    <message>
        <source>CPU, 1 thread</source>
        <translation>CPU，1 个线程</translation>
    </message>
    <message>
        <source>CPU, %1 threads</source>
        <translation>CPU，%1 个线程</translation>
    </message>
    <message>
        <source>Models run on</source>
        <translation>模型运行于</translation>
    </message>
    <message>
        <source>Why no GPU</source>
        <translation>未使用 GPU 的原因</translation>
    </message>
    <message>
        <source>for NVIDIA devices</source>
        <translation>用于 NVIDIA 设备</translation>
    </message>
    <message>
        <source>for the CPU</source>
        <translation>用于 CPU</translation>
    </message>
    <message>
        <source>LibTorch</source>
        <translation>LibTorch</translation>
    </message>
    <message>
        <source>NVIDIA driver</source>
        <translation>NVIDIA 驱动</translation>
    </message>
    <message>
        <source>none is loaded</source>
        <translation>未加载</translation>
    </message>
    <message>
        <source>Processor</source>
        <translation>处理器</translation>
    </message>
    <message>
        <source>GPU %1</source>
        <translation>GPU %1</translation>
    </message>
    <message>
        <source>The self-test failed on %1.</source>
        <translation>%1 未通过自检。</translation>
    </message>
    <message>
        <source>The self-test passed: a small network ran and learned on the CPU.</source>
        <translation>自检通过：一个小网络已在 CPU 上运行并完成训练。</translation>
    </message>
    <message>
        <source>The self-test passed on every device; probabilities differ from the CPU's by at most %1.</source>
        <translation>所有设备均通过自检；概率与 CPU 结果的差异最大为 %1。</translation>
    </message>
</context>
<context>
    <name>annotomy::SuggestionBar</name>
    <message>
        <source>Suggest next</source>
        <translation>推荐下一例</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Choosing the next case</source>
        <translation>正在选择下一例</translation>
    </message>
    <message>
        <source>Opens the case from whose correction the model would learn most, and tells why</source>
        <translation>打开修正后最有助于模型学习的病例，并说明理由</translation>
    </message>
    <message>
        <source>How the next case is chosen</source>
        <translation>下一例的选择方式</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>Unsure, by segment</source>
        <translation>按分割不确定</translation>
    </message>
    <message>
        <source>At random</source>
        <translation>随机</translation>
    </message>
    <message>
        <source>At random, by segment</source>
        <translation>按分割随机</translation>
    </message>
    <message>
        <source>Unsure</source>
        <translation>不确定</translation>
    </message>
    <message>
        <source>Undecided</source>
        <translation>犹豫不决</translation>
    </message>
    <message>
        <source>Models disagree</source>
        <translation>模型分歧</translation>
    </message>
    <message>
        <source>Unlike the others</source>
        <translation>与众不同</translation>
    </message>
    <message>
        <source>Where the model is unsure, by segment; at random as long as there is no model</source>
        <translation>按分割选择模型不确定的病例；尚无模型时随机选择</translation>
    </message>
    <message>
        <source>Each segment in turn, where the model is unsure of it; more strictly from model to model (ClaSP PE)</source>
        <translation>各分割轮流选取模型对其不确定的病例；随模型更新逐渐严格（ClaSP PE）</translation>
    </message>
    <message>
        <source>Each case is as likely as any other</source>
        <translation>每个病例机会均等</translation>
    </message>
    <message>
        <source>Cases in which the model finds much are more likely, for each segment alike</source>
        <translation>模型找到的内容越多，病例越可能被选中，各分割机会均等</translation>
    </message>
    <message>
        <source>Where the model is least sure of what it finds (entropy)</source>
        <translation>模型对其结果最不确定的病例（熵）</translation>
    </message>
    <message>
        <source>Where the two likeliest segments lie closest together (margin)</source>
        <translation>两个最可能的分割概率最接近的病例（间隔）</translation>
    </message>
    <message>
        <source>Where the last models contradict one another</source>
        <translation>最近的几个模型相互矛盾的病例</translation>
    </message>
    <message>
        <source>What looks least like the approved cases (k-centre)</source>
        <translation>与已批准病例最不相似的病例（k-center）</translation>
    </message>
</context>
<context>
    <name>annotomy::CaseMaps</name>
    <message>
        <source>Looking for suspicious regions</source>
        <translation>正在查找可疑区域</translation>
    </message>
    <message>
        <source>Asking the model why</source>
        <translation>正在询问模型的依据</translation>
    </message>
</context>
<context>
    <name>annotomy::HeatLegend</name>
    <message>
        <source>Colours from %1 to %2</source>
        <translation>颜色范围 %1 至 %2</translation>
    </message>
</context>
<context>
    <name>annotomy::SuspicionBar</name>
    <message>
        <source>outside every segment</source>
        <translation>不在任何分割区域内</translation>
    </message>
    <message>
        <source>border of %1</source>
        <translation>%1 的边界</translation>
    </message>
    <message>
        <source>%1, entropy %2 nats, %3</source>
        <translation>%1，熵 %2 nat，%3</translation>
    </message>
    <message>
        <source>; %1 is larger than usual by %2 SD</source>
        <translation>；%1 比通常大 %2 个标准差</translation>
    </message>
    <message>
        <source>; %1 is smaller than usual by %2 SD</source>
        <translation>；%1 比通常小 %2 个标准差</translation>
    </message>
    <message>
        <source>Previous  K</source>
        <translation>上一个  K</translation>
    </message>
    <message>
        <source>Next  J</source>
        <translation>下一个  J</translation>
    </message>
    <message>
        <source>Map over the images</source>
        <translation>图像上的叠加图</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>%1 % of the suspicious volume looked at, %2 % of this region</source>
        <translation>已查看可疑体积的 %1 %，本区域的 %2 %</translation>
    </message>
    <message>
        <source>%1 …</source>
        <translation>%1…</translation>
    </message>
    <message>
        <source>Region %1 of %2</source>
        <translation>区域 %1 / %2</translation>
    </message>
    <message>
        <source>The model is sure everywhere: no suspicious region</source>
        <translation>模型处处确信：没有可疑区域</translation>
    </message>
    <message>
        <source>Where the model sees %1</source>
        <translation>模型从何处看到 %1</translation>
    </message>
    <message>
        <source>No map</source>
        <translation>无叠加图</translation>
    </message>
    <message>
        <source>Uncertainty</source>
        <translation>不确定性</translation>
    </message>
    <message>
        <source>Probability</source>
        <translation>概率</translation>
    </message>
    <message>
        <source>Occlusion: %1</source>
        <translation>遮挡法：%1</translation>
    </message>
    <message>
        <source>Grad-CAM: %1</source>
        <translation>Grad-CAM：%1</translation>
    </message>
    <message>
        <source>%1 nats</source>
        <translation>%1 nat</translation>
    </message>
    <message>
        <source>probability 1</source>
        <translation>概率 1</translation>
    </message>
    <message>
        <source>most</source>
        <translation>最强</translation>
    </message>
</context>
</TS>
